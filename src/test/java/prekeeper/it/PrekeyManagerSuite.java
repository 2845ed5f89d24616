package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jxmpp.jid.BareJid;
import org.jxmpp.jid.impl.JidCreate;
import prekeeper.client.DeviceSecrets;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.VerifiedEnsemble;
import prekeeper.client.smack.PrekeyBinding;
import prekeeper.client.smack.PrekeyException;
import prekeeper.client.smack.PrekeyManager;
import prekeeper.client.smack.PrekeyPublisher;
import prekeeper.client.smack.PrekeyServer;
import prekeeper.client.smack.ServerTrust;
import prekeeper.client.smack.StockKeeper;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.SecretBytes;
import prekeeper.example.PublishAndRetrieve;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyMessage;

/** The manager as an application uses it, beside the built jar and a real XMPP server. */
abstract class PrekeyManagerSuite extends BesideSuite {
    private static final InstanceTag BOBS_TAG = new InstanceTag(0xB0B0);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final SecureRandom random = new SecureRandom();
    private int tests;
    private XmppUser alice;
    private XmppUser bob;
    private PrekeyManager alices;
    private PrekeyManager bobs;
    private PrekeyServer server;

    /** Publications of 100 messages are to be cut, and most answers in bodies come in fragments. */
    PrekeyManagerSuite() {
        super(PLENTY, "limits.publication-bytes = 20000", "fragment-length = 600");
    }

    @BeforeEach
    void login() throws Exception {
        tests++;
        alice = XmppUser.login(xmpp, xmpp.register("alice" + tests, XmppServer.HOST), "phone");
        bob = XmppUser.login(xmpp, xmpp.register("bob" + tests, XmppServer.HOST), "tablet");
        alices = PrekeyManager.getInstanceFor(alice.connection());
        bobs = PrekeyManager.getInstanceFor(bob.connection());
        server = alices.findServer().orElseThrow();
    }

    @AfterEach
    void logout() {
        alice.close();
        bob.close();
        assertFalse(prekeeper.log().contains("ERROR"), prekeeper::log);
    }

    @Test
    void theServerOfADomainIsFoundWithWhatItTells() throws Exception {
        assertEquals(XmppServer.COMPONENT, server.jid().toString());
        assertEquals(Set.of(PrekeyBinding.IQ, PrekeyBinding.MESSAGE), server.bindings());
        assertEquals(
                alice.discoverFingerprint(XmppServer.COMPONENT),
                server.fingerprint(Draft.DEPLOYED).map(fingerprint -> fingerprint.toHex()));
        assertEquals(OptionalInt.of(20000), server.mostPublicationBytes());
        assertEquals(OptionalInt.of(500), server.mostPrekeyMessages());
        assertEquals(Optional.empty(), alices.findServer(JidCreate.domainBareFrom(XmppServer.OTHER_HOST)));
    }

    @ParameterizedTest
    @CsvSource({"MESSAGE, DEPLOYED", "MESSAGE, SPEC", "IQ, DEPLOYED", "IQ, SPEC"})
    void aDeviceIsPublishedCountedAndRetrievedOnce(PrekeyBinding binding, Draft draft) throws Exception {
        PrekeyDevice device = device(draft);
        PrekeyPublisher publisher = publisher(server.over(binding), device);
        assertEquals(0, publisher.status());
        publisher.publish(1);
        publisher.publishMore(1);
        assertEquals(2, publisher.status());
        Set<PrekeyMessage> retrieved = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            List<VerifiedEnsemble> ensembles = bobs.retrieve(server.over(binding), jid(alice), BOBS_TAG);
            assertEquals(1, ensembles.size());
            assertEquals(
                    device.clientProfile(), ensembles.get(0).clientProfile().profile());
            retrieved.add(ensembles.get(0).prekeyMessage());
        }
        assertEquals(2, retrieved.size());
        for (PrekeyMessage message : retrieved) {
            assertTrue(device.take(message.identifier()).isPresent());
        }
        assertEquals(List.of(), bobs.retrieve(server.over(binding), jid(alice), BOBS_TAG));
    }

    @Test
    void whatTheServerTakesInPartsOnlyIsPublishedInParts() throws Exception {
        List<Integer> asked = new ArrayList<>();
        PrekeyPublisher publisher = alices.publisher(server, device(Draft.SPEC), (tag, secrets) -> {}, key -> {
            asked.add(1);
            return true;
        });
        publisher.publish(100);
        assertTrue(asked.size() > 1, "more than one handshake");
        assertEquals(100, publisher.status());
    }

    @Test
    void nothingIsPublishedToAKeyThatIsNotTrusted() throws Exception {
        PrekeyDevice device = device(Draft.SPEC);
        PrekeyPublisher wary = alices.publisher(server, device, (tag, secrets) -> {}, key -> false);
        assertEquals(
                PrekeyException.Reason.UNTRUSTED,
                assertThrows(PrekeyException.class, () -> wary.publish(1)).reason());
        ServerTrust pinned = ServerTrust.pinned(server.fingerprint(Draft.SPEC).orElseThrow());
        PrekeyPublisher sure = alices.publisher(server, device, (tag, secrets) -> {}, pinned);
        assertEquals(0, sure.status());
        sure.publish(1);
        assertEquals(1, sure.status());
    }

    @Test
    void secretsAreKeptBeforeAnythingIsPublishedAndARetrySendsTheSameSet() throws Exception {
        PrekeyDevice device = device(Draft.DEPLOYED);
        List<Bytes> kept = new ArrayList<>();
        DeviceSecrets full = (tag, secrets) -> {
            kept.add(Bytes.of(secrets.toByteArray()));
            throw new IOException("the disk is full");
        };
        PrekeyPublisher unlucky = alices.publisher(server, device, full, key -> true);
        assertEquals(
                PrekeyException.Reason.NOT_KEPT,
                assertThrows(PrekeyException.class, () -> unlucky.publish(2)).reason());
        PrekeyPublisher lucky = publisher(server, device);
        assertEquals(0, lucky.status());
        PrekeyDevice asKept =
                PrekeyDevice.restore(SecretBytes.copyOf(kept.get(0).toByteArray()), random);
        List<PrekeyMessage> same = asKept.unpublished(2, random);
        // once from the device and once from what was kept of it: as after an answer that was lost and a restart
        lucky.publish(2);
        publisher(server, asKept).publish(2);
        assertEquals(2, lucky.status());
        Set<PrekeyMessage> retrieved = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            retrieved.add(bobs.retrieve(server, jid(alice), BOBS_TAG).get(0).prekeyMessage());
        }
        assertEquals(Set.copyOf(same), retrieved);
    }

    @Test
    void theStockIsFilledAtOnceAndAgainWhenTheServerSaysThatItIsLow() throws Exception {
        PrekeyPublisher publisher = publisher(server, device(Draft.SPEC));
        StockKeeper keeper = alices.keepStock(publisher, Duration.ZERO, Duration.ofDays(7));
        try {
            awaitStock(publisher, StockKeeper.TARGET);
            for (int taken = 0; taken < 90; taken++) {
                assertEquals(1, bobs.retrieve(server, jid(alice), BOBS_TAG).size());
            }
            awaitStock(publisher, StockKeeper.TARGET);
        } finally {
            keeper.close();
        }
    }

    @Test
    void profilesThatWillExpireAreSignedAnewKeptAndPublished() throws Exception {
        Instant soon = Instant.now().plus(Duration.ofDays(2)).truncatedTo(ChronoUnit.SECONDS);
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, new InstanceTag(0x1000), soon, random);
        List<Bytes> kept = new ArrayList<>();
        PrekeyPublisher publisher = alices.publisher(
                server, device, (tag, secrets) -> kept.add(Bytes.of(secrets.toByteArray())), key -> true);
        publisher.publish(StockKeeper.TARGET);
        assertTrue(device.profilesPublished());
        StockKeeper keeper = alices.keepStock(publisher, Duration.ZERO, Duration.ofDays(7));
        try {
            Instant deadline = Instant.now().plus(PATIENCE);
            while (device.clientProfile().expires().equals(soon) || !device.profilesPublished()) {
                assertTrue(Instant.now().isBefore(deadline), "not renewed");
                Thread.sleep(100);
            }
        } finally {
            keeper.close();
        }
        VerifiedEnsemble ensemble = bobs.retrieve(server, jid(alice), BOBS_TAG).get(0);
        assertEquals(device.clientProfile(), ensemble.clientProfile().profile());
        assertEquals(device.prekeyProfile(), ensemble.prekeyProfile().profile());
        assertTrue(device.clientProfile().expires().isAfter(soon.plus(Duration.ofDays(4))));
        PrekeyDevice restored = PrekeyDevice.restore(
                SecretBytes.copyOf(kept.get(kept.size() - 1).toByteArray()), random);
        assertEquals(device.clientProfile(), restored.clientProfile());
        assertTrue(restored.profilesPublished());
        assertEquals(StockKeeper.TARGET - 1, publisher.status(), "nothing else was published");
    }

    private static void awaitStock(PrekeyPublisher publisher, int stock) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        long found;
        while ((found = publisher.status()) != stock) {
            assertTrue(Instant.now().isBefore(deadline), found + " prekey messages, " + stock + " expected");
            Thread.sleep(300);
        }
    }

    @Test
    void aDeviceIsForgottenAndOneThatIsNotThereIsNone() throws Exception {
        PrekeyDevice device = device(Draft.SPEC);
        PrekeyPublisher publisher = publisher(server, device);
        assertFalse(alices.forget(server, device.tag()));
        publisher.publish(1);
        assertFalse(alices.forget(server, BOBS_TAG));
        assertTrue(alices.forget(server, device.tag()));
        assertEquals(0, publisher.status());
        assertEquals(List.of(), bobs.retrieve(server, jid(alice), BOBS_TAG));
    }

    @Test
    void theProgramOfTheReadmeRunsAndHasAtMostFortyLines() throws Exception {
        publisher(server, device(Draft.DEPLOYED)).publish(1);
        Path file = scratch.folder().resolve("device.secrets");
        assertEquals(
                1, PublishAndRetrieve.run(bob.connection(), jid(alice), file).size());
        PrekeyDevice kept = PrekeyDevice.restore(SecretBytes.adopt(Files.readAllBytes(file)), random);
        assertEquals(
                kept.clientProfile(),
                alices.retrieve(server, jid(bob), BOBS_TAG)
                        .get(0)
                        .clientProfile()
                        .profile());
        Path source = Path.of("src/test/java/prekeeper/example/PublishAndRetrieve.java");
        List<String> lines = Files.readAllLines(source);
        assertTrue(lines.size() <= 40, lines.size() + " lines");
        String program = String.join("\n", lines.subList(2, lines.size())); // without the package
        assertTrue(Files.readString(Path.of("README.md")).contains(program), "the README has another program");
    }

    private PrekeyPublisher publisher(PrekeyServer at, PrekeyDevice device) {
        return alices.publisher(at, device, (tag, secrets) -> {}, key -> true);
    }

    private PrekeyDevice device(Draft draft) {
        return PrekeyDevice.generate(
                draft, new InstanceTag(0x1000), Instant.now().plus(Duration.ofDays(7)), random);
    }

    private static BareJid jid(XmppUser user) {
        return user.connection().getUser().asBareJid();
    }
}
