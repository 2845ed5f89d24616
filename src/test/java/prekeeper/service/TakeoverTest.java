package prekeeper.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import prekeeper.client.PrekeyDevice;
import prekeeper.crypto.Bytes;
import prekeeper.service.Takeover.PrekeyMessages;
import prekeeper.service.Takeover.Result;
import prekeeper.store.DeviceId;
import prekeeper.store.Ensemble;
import prekeeper.store.InMemoryPrekeyStore;
import prekeeper.store.Publication;
import prekeeper.store.Publication.PrekeyMessageEntry;
import prekeeper.store.Quotas;
import prekeeper.store.Take;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyMessage;

class TakeoverTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(3600);
    private static final InstanceTag TAG = new InstanceTag(0x1234);
    private static final DeviceId PHONE = new DeviceId("alice@example.org", TAG);

    private static PrekeyDevice device;
    private static PrekeyDevice other;
    private static List<PrekeyMessage> messages;

    private final InMemoryPrekeyStore store = new InMemoryPrekeyStore();

    @BeforeAll
    static void makeDevices() {
        SecureRandom random = new SecureRandom();
        device = PrekeyDevice.generate(Draft.DEPLOYED, TAG, LATER, random);
        other = PrekeyDevice.generate(Draft.DEPLOYED, TAG, LATER, random);
        messages = device.newPrekeyMessages(2, random);
    }

    @AfterAll
    static void wipe() {
        device.close();
        other.close();
    }

    @Test
    void whatIsRightIsStoredAndHandedOutInOrder() {
        assertEquals(
                new Result(true, 2, Map.of()),
                takeOver(Optional.of(clientProfile()), Optional.of(prekeyProfile()), inOrder(messages)));
        for (PrekeyMessage message : messages) {
            Ensemble taken = take().get(0);
            assertEquals(clientProfile(), taken.clientProfile());
            assertEquals(prekeyProfile(), taken.prekeyProfile());
            assertEquals(message.encoded(), taken.prekeyMessage());
        }
    }

    @Test
    void withoutAValidClientProfileNothingIsTaken() {
        Bytes malformed = clientProfile().slice(0, 100);
        assertEquals(
                new Result(false, 0, Map.of("no client profile", 1)),
                takeOver(Optional.empty(), Optional.of(prekeyProfile()), inOrder(messages)));
        assertEquals(
                new Result(false, 0, Map.of("client profile: message ends early: 25 bytes left, 57 expected", 1)),
                takeOver(Optional.of(malformed), Optional.of(prekeyProfile()), inOrder(messages)));
        assertEquals(
                new Result(false, 0, Map.of("client profile is expired", 1)),
                Takeover.of(
                        store,
                        PHONE,
                        List.of(),
                        Optional.of(clientProfile()),
                        Optional.of(prekeyProfile()),
                        inOrder(messages),
                        LATER));
        assertEquals(0, store.inventory().counts().devices());
    }

    @Test
    void aPrekeyProfileOfAnotherKeyIsLeftOut() {
        Result result = takeOver(
                Optional.of(clientProfile()), Optional.of(other.prekeyProfile().encoded()), inOrder(messages));
        assertEquals(new Result(true, 2, Map.of("signature of the prekey profile is wrong", 1)), result);
        assertEquals(List.of(), take());
    }

    @Test
    void prekeyMessagesThatAreWrongAreLeftOutAndCounted() {
        PrekeyMessage good = messages.get(0);
        PrekeyMessages some = to -> {
            to.take(good.identifier() + 1, good.encoded());
            to.take(5, new PrekeyMessage(5, new InstanceTag(0x1235), good.y(), good.b()).encoded());
            to.take(6, new PrekeyMessage(6, new InstanceTag(0x1235), good.y(), good.b()).encoded());
            to.take(7, good.encoded().slice(0, 5));
            to.skip("a file is a link");
            to.take(good.identifier(), good.encoded());
        };
        assertEquals(
                new Result(
                        true,
                        1,
                        Map.of(
                                "no prekey profile", 1,
                                "prekey message is not the one that its name says", 1,
                                "prekey message is another device's", 2,
                                "prekey message: message ends early: 2 bytes left, 4 expected", 1,
                                "a file is a link", 1)),
                takeOver(Optional.of(clientProfile()), Optional.empty(), some));
    }

    @Test
    void whatTheClientPublishedHereSinceIsNotReplaced() {
        takeOver(Optional.of(clientProfile()), Optional.of(prekeyProfile()), inOrder(messages));
        assertEquals(
                new Result(false, 0, Map.of("device is stored here already", 1)),
                takeOver(Optional.of(clientProfile()), Optional.of(prekeyProfile()), inOrder(messages)));
    }

    @Test
    void anInterruptedTakeoverGoesOn() {
        PrekeyMessage first = messages.get(0);
        store.publish(
                new Publication(
                        PHONE,
                        Draft.DEPLOYED,
                        device.clientProfile().longTermKey(),
                        LATER,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(new PrekeyMessageEntry(first.identifier(), first.encoded()))),
                new Quotas(10, 10),
                NOW);
        assertFalse(store.inventory().devices(PHONE.owner(), NOW).isEmpty());
        assertTrue(takeOver(Optional.of(clientProfile()), Optional.of(prekeyProfile()), inOrder(messages))
                .taken());
        assertEquals(1, take().get(0).remaining());
    }

    private Result takeOver(Optional<Bytes> client, Optional<Bytes> prekey, PrekeyMessages some) {
        return Takeover.of(store, PHONE, store.inventory().devices(PHONE.owner(), NOW), client, prekey, some, NOW);
    }

    private List<Ensemble> take() {
        return store.takeEnsembles(new Take(PHONE.owner(), Draft.DEPLOYED, "4", 10, 10), NOW);
    }

    private static PrekeyMessages inOrder(List<PrekeyMessage> some) {
        return to -> some.forEach(message -> to.take(message.identifier(), message.encoded()));
    }

    private static Bytes clientProfile() {
        return device.clientProfile().encoded();
    }

    private static Bytes prekeyProfile() {
        return device.prekeyProfile().encoded();
    }
}
