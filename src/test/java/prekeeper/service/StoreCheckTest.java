package prekeeper.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import prekeeper.client.PrekeyDevice;
import prekeeper.crypto.Bytes;
import prekeeper.service.StoreCheck.Fault;
import prekeeper.service.StoreCheck.Summary;
import prekeeper.store.DeviceContents;
import prekeeper.store.DeviceContents.ClientProfileContents;
import prekeeper.store.DeviceContents.PrekeyProfileContents;
import prekeeper.store.StoredBytes;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyMessage;

class StoreCheckTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(3600);
    private static final String OWNER = "alice@example.org";
    private static final InstanceTag TAG = new InstanceTag(0x1234);
    private static final String TAG_TEXT = "00001234";

    private static PrekeyDevice device;
    private static PrekeyDevice other;
    private static List<PrekeyMessage> messages;

    private final List<Fault> faults = new ArrayList<>();
    private final StoreCheck check = new StoreCheck(NOW, faults::add);

    @BeforeAll
    static void makeDevices() {
        SecureRandom random = new SecureRandom();
        device = PrekeyDevice.generate(Draft.DEPLOYED, TAG, LATER, random);
        other = PrekeyDevice.generate(Draft.SPEC, TAG, LATER, random);
        messages = device.newPrekeyMessages(3, random).stream()
                .sorted((one, two) -> Integer.compareUnsigned(one.identifier(), two.identifier()))
                .toList();
    }

    @AfterAll
    static void wipe() {
        device.close();
        other.close();
    }

    @Test
    void whatWasPublishedIsRight() {
        check.device(row(device));
        showMessages();
        check.rememberedIdentifiers(identifiers());
        assertEquals(new Summary(1, 0, 3, 3, 0), check.finish());
        assertEquals(List.of(), faults);
    }

    @Test
    void whatWaitsForItsClientProfileIsRight() {
        check.device(with(row(device), Optional.empty(), row(device).prekeyProfile()));
        showMessages();
        check.rememberedIdentifiers(identifiers());
        assertEquals(new Summary(1, 0, 3, 3, 0), check.finish());
    }

    @Test
    void whatHasExpiredIsCountedAndNoFault() {
        StoreCheck later = new StoreCheck(LATER, faults::add);
        later.device(row(device));
        assertEquals(new Summary(1, 1, 0, 0, 0), later.finish());
    }

    @Test
    void anUnknownTagOrKeyOfARowIsTold() {
        check.device(new DeviceContents(
                OWNER, 0xff, Bytes.of(new byte[56]), LATER, row(device).clientProfile(), Optional.empty(), -1));
        assertFaults(
                "ff",
                "instance tag ff is impossible",
                "next sequence number -1 is impossible",
                "long-term key is no valid point");
    }

    @Test
    void columnsThatDifferFromTheClientProfileAreTold() {
        DeviceContents row = row(device);
        ClientProfileContents profile = row.clientProfile().orElseThrow();
        check.device(with(row, Optional.of(draft(profile, "SPEC")), row.prekeyProfile()));
        check.device(with(
                row,
                Optional.of(new ClientProfileContents(profile.encoded(), profile.draft(), "34", NOW)),
                row.prekeyProfile()));
        check.device(new DeviceContents(
                OWNER, row.tag(), row.longTermKey(), NOW, row.clientProfile(), row.prekeyProfile(), 3));
        check.device(
                new DeviceContents(OWNER, 0x1235, row.longTermKey(), LATER, row.clientProfile(), Optional.empty(), 3));
        check.device(new DeviceContents(
                OWNER, row.tag(), row(other).longTermKey(), LATER, row.clientProfile(), row.prekeyProfile(), 3));
        check.finish();
        assertEquals(
                List.of(
                        "client profile: draft in its row is not that of the client profile",
                        "client profile: versions in its row is not that of the client profile",
                        "client profile: expiry in its row is not that of the client profile",
                        "client profile: client profile is another device's",
                        "client profile: long-term key in its row is not that of the client profile",
                        "prekey profile: signature of the prekey profile is wrong"),
                faults.stream().map(Fault::what).toList());
    }

    @Test
    void aChangedProfileIsToldWhetherItsChecksumIsRightOrNot() {
        DeviceContents row = row(device);
        Bytes encoded = device.clientProfile().encoded();
        ClientProfileContents damaged =
                new ClientProfileContents(new StoredBytes(flipLast(encoded), false), Draft.DEPLOYED.name(), "4", NOW);
        ClientProfileContents forged =
                new ClientProfileContents(new StoredBytes(flipLast(encoded), true), Draft.DEPLOYED.name(), "4", NOW);
        check.device(with(row, Optional.of(damaged), Optional.empty()));
        check.device(with(row, Optional.of(forged), Optional.empty()));
        assertFaults(
                TAG_TEXT,
                "client profile: checksum is wrong",
                "client profile: signature of the client profile is wrong");
    }

    @Test
    void aPrekeyProfileOfAnotherDraftOrExpiryIsTold() {
        DeviceContents row = row(device);
        StoredBytes encoded = row.prekeyProfile().orElseThrow().encoded();
        check.device(with(row, row.clientProfile(), Optional.of(new PrekeyProfileContents(encoded, "ANY", LATER))));
        check.device(with(row, row.clientProfile(), Optional.of(new PrekeyProfileContents(encoded, "SPEC", LATER))));
        check.device(with(row, row.clientProfile(), Optional.of(new PrekeyProfileContents(encoded, "DEPLOYED", NOW))));
        assertFaults(
                TAG_TEXT,
                "prekey profile: unknown draft in its row",
                "prekey profile: key type 0011, 1100 expected",
                "prekey profile: expiry in its row is not that of the prekey profile");
    }

    @Test
    void prekeyMessagesThatAreWrongAreToldEach() {
        PrekeyMessage first = messages.get(0);
        check.device(row(device));
        check.prekeyMessage(0, new StoredBytes(first.encoded(), false));
        check.prekeyMessage(1, intact(Bytes.of((byte) 0, (byte) 4)));
        check.prekeyMessage(1, intact(new PrekeyMessage(7, TAG, first.y(), BigInteger.ONE)));
        check.prekeyMessage(3, intact(new PrekeyMessage(8, new InstanceTag(0x1235), first.y(), first.b())));
        check.rememberedIdentifiers(List.of(7, 8));
        assertFaults(
                TAG_TEXT,
                "prekey message at 0: checksum is wrong",
                "prekey message at 1: message ends early: 0 bytes left, 1 expected",
                "prekey message at 1: behind the next one of its device",
                "prekey message at 1: B of a prekey message is no valid value",
                "prekey message at 3: behind the next one of its device",
                "prekey message at 3: prekey message is another device's");
    }

    @Test
    void anIdentifierThatIsForgottenOrStoredTwiceIsTold() {
        check.device(row(device));
        check.prekeyMessage(0, intact(messages.get(0)));
        check.prekeyMessage(1, intact(messages.get(0)));
        check.prekeyMessage(2, intact(messages.get(1)));
        check.rememberedIdentifiers(List.of(messages.get(1).identifier()));
        String identifier = String.format("%08x", messages.get(0).identifier());
        assertFaults(
                TAG_TEXT,
                "prekey message at 1: another one has its identifier " + identifier,
                "prekey message with identifier " + identifier + ": the identifier is not remembered");
    }

    private void assertFaults(String tag, String... texts) {
        Summary summary = check.finish();
        assertEquals(
                List.of(texts).stream().map(text -> new Fault(OWNER, tag, text)).toList(), faults);
        assertEquals(texts.length, summary.faults());
    }

    private void showMessages() {
        for (int i = 0; i < messages.size(); i++) {
            check.prekeyMessage(i, intact(messages.get(i)));
        }
    }

    private static List<Integer> identifiers() {
        return messages.stream().map(PrekeyMessage::identifier).toList();
    }

    private static DeviceContents row(PrekeyDevice of) {
        ClientProfile profile = of.clientProfile();
        return new DeviceContents(
                OWNER,
                of.tag().value(),
                profile.longTermKey().encoded(),
                LATER,
                Optional.of(new ClientProfileContents(
                        intact(profile.encoded()), of.draft().name(), "4", NOW)),
                Optional.of(new PrekeyProfileContents(
                        intact(of.prekeyProfile().encoded()), of.draft().name(), LATER)),
                3);
    }

    private static DeviceContents with(
            DeviceContents row, Optional<ClientProfileContents> client, Optional<PrekeyProfileContents> prekey) {
        return new DeviceContents(
                row.owner(), row.tag(), row.longTermKey(), row.expires(), client, prekey, row.nextSequence());
    }

    private static ClientProfileContents draft(ClientProfileContents profile, String draft) {
        return new ClientProfileContents(profile.encoded(), draft, profile.versions(), profile.published());
    }

    private static StoredBytes intact(PrekeyMessage message) {
        return intact(message.encoded());
    }

    private static StoredBytes intact(Bytes encoded) {
        return new StoredBytes(encoded, true);
    }

    private static Bytes flipLast(Bytes encoded) {
        byte[] bytes = encoded.toByteArray();
        bytes[bytes.length - 2] ^= 1;
        return Bytes.of(bytes);
    }
}
