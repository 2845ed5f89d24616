package prekeeper.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.KdfUsage;
import prekeeper.crypto.Point;
import prekeeper.crypto.Ring;
import prekeeper.crypto.SecretBytes;
import prekeeper.crypto.ValidPoint;
import prekeeper.wire.CompositeIdentity;
import prekeeper.wire.Dake1;
import prekeeper.wire.Dake2;
import prekeeper.wire.Dake3;
import prekeeper.wire.Draft;
import prekeeper.wire.Failure;
import prekeeper.wire.HandshakeKeys;
import prekeeper.wire.InnerMessage;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.Phi;
import prekeeper.wire.PrekeyEnsemble;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.PrekeyPublication;
import prekeeper.wire.StorageStatus;
import prekeeper.wire.Success;
import prekeeper.wire.Transcript;

/** A publisher and a retriever, each step against the formulas of the other side. */
class PublisherTest {
    private static final String ALICE = "alice@example.org";
    private static final String SERVER = "prekey.example.org";
    private static final InstanceTag TAG = new InstanceTag(0x1234);
    private static final Instant EXPIRES = Instant.parse("2030-01-01T00:00:00Z");
    private static final Instant BEFORE = EXPIRES.minusSeconds(1);

    private final SecureRandom random = new SecureRandom();
    private final Ed448KeyPair serverKey = Ed448KeyPair.generate(random);
    private final Ed448KeyPair serverEphemeral = Ed448KeyPair.generate(random);

    @ParameterizedTest
    @EnumSource(Draft.class)
    void publicationIsSignedProvenAndAuthenticated(Draft draft) throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(draft, TAG, EXPIRES, random);
        Handshake handshake = Handshake.begin(device, ALICE, SERVER, random);
        Dake1 dake1 = Dake1.decode(handshake.dake1().encode());
        PublisherSession session = handshake.accept(dake2(dake1, SERVER));
        List<PrekeyMessage> messages = device.newPrekeyMessages(3, random);
        Dake3 dake3 = Dake3.decode(session.publish(messages).encode(), draft);

        Ring ring = new Ring(
                draft.suite(),
                point(device.clientProfile().longTermKey()),
                serverKey.publicKey(),
                serverEphemeral.publicKey());
        assertTrue(ring.verify(dake3.sigma(), transcript(dake1).signedByPublisher()));
        HandshakeKeys keys = keys(dake1);
        PrekeyPublication publication = (PrekeyPublication) InnerMessage.decode(dake3.inner(), draft);
        assertEquals(keys.publicationMac(publication), publication.mac());
        assertEquals(messages, publication.prekeyMessages());
        Bytes context = keys.proofContext();
        List<ValidPoint> ys = messages.stream()
                .map(PrekeyMessage::y)
                .map(PublisherTest::point)
                .toList();
        List<BigInteger> bs = messages.stream().map(PrekeyMessage::b).toList();
        assertTrue(publication
                .messageEcdhProof()
                .orElseThrow()
                .verify(draft.suite(), KdfUsage.PROOF_MESSAGE_ECDH, ys, context));
        assertTrue(publication.messageDhProof().orElseThrow().verify(bs, context));
        assertTrue(publication
                .profileEcdhProof()
                .orElseThrow()
                .verify(
                        draft.suite(),
                        KdfUsage.PROOF_SHARED_ECDH,
                        List.of(point(device.prekeyProfile().sharedPrekey())),
                        context));
        assertEquals(new PublisherSession.Answer.Stored(), session.read(new Success(TAG, keys.successMac(TAG))));
        assertEquals(new PublisherSession.Answer.Refused(), session.read(new Failure(TAG, keys.failureMac(TAG))));
    }

    @ParameterizedTest
    @EnumSource(Draft.class)
    void statusCountIsBelievedWithItsMacOnly(Draft draft) throws Exception {
        Handshake handshake = handshake(draft);
        Dake1 dake1 = handshake.dake1();
        PublisherSession session = handshake.accept(dake2(dake1, SERVER));
        HandshakeKeys keys = keys(dake1);
        assertEquals(
                keys.storageInformationRequestMac(),
                InnerMessage.decode(session.askStatus().inner(), draft).mac());
        assertEquals(
                new PublisherSession.Answer.Count(0xFFFF_FFFFL),
                session.read(new StorageStatus(TAG, -1, keys.storageStatusMac(TAG, -1))));
        assertThrows(
                UntrustedAnswerException.class,
                () -> session.read(new StorageStatus(TAG, 4, keys.storageStatusMac(TAG, 3))));
        InstanceTag other = new InstanceTag(0x1235);
        assertThrows(
                UntrustedAnswerException.class,
                () -> session.read(new StorageStatus(other, 3, keys.storageStatusMac(other, 3))));
        assertThrows(UntrustedAnswerException.class, () -> session.read(new Success(TAG, keys.failureMac(TAG))));
    }

    @ParameterizedTest
    @EnumSource(Draft.class)
    void anotherServerIsNotAccepted(Draft draft) {
        Handshake handshake = handshake(draft);
        Dake2 right = dake2(handshake.dake1(), SERVER);
        Point stranger = Ed448KeyPair.generate(random).publicKey().point();
        for (Dake2 wrong : List.of(
                dake2(handshake.dake1(), "prekey.example.net"),
                new Dake2(new InstanceTag(0x1235), right.identity(), right.ephemeral(), right.sigma()),
                new Dake2(TAG, new CompositeIdentity(SERVER, stranger), right.ephemeral(), right.sigma()),
                new Dake2(TAG, right.identity(), stranger, right.sigma()),
                new Dake2(TAG, right.identity(), new Point(Bytes.of(new byte[Point.BYTES])), right.sigma()))) {
            assertThrows(UntrustedAnswerException.class, () -> handshake.accept(wrong));
        }
    }

    @Test
    void devicePublishesOnlyMessagesOfItsOwn() throws Exception {
        Handshake handshake = handshake(Draft.SPEC);
        PublisherSession session = handshake.accept(dake2(handshake.dake1(), SERVER));
        PrekeyDevice other = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        List<PrekeyMessage> foreign = other.newPrekeyMessages(1, random);
        assertThrows(IllegalArgumentException.class, () -> session.publishMore(foreign));
    }

    @ParameterizedTest
    @EnumSource(Draft.class)
    void ensembleIsUsableUntilItExpires(Draft draft) {
        PrekeyDevice device = PrekeyDevice.generate(draft, TAG, EXPIRES, random);
        PrekeyEnsemble ensemble = ensemble(device, device);
        assertEquals(Optional.empty(), EnsembleCheck.problem(ensemble, BEFORE));
        assertEquals(Optional.of("a profile has expired"), EnsembleCheck.problem(ensemble, EXPIRES));
    }

    @Test
    void ensembleOfTwoOwnersIsRefused() {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        PrekeyDevice sameTag = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        PrekeyDevice otherTag = PrekeyDevice.generate(Draft.SPEC, new InstanceTag(0x1235), EXPIRES, random);
        assertNotEquals(Optional.empty(), EnsembleCheck.problem(ensemble(device, sameTag), BEFORE));
        PrekeyEnsemble foreignMessage = new PrekeyEnsemble(
                device.clientProfile(),
                device.prekeyProfile(),
                otherTag.newPrekeyMessages(1, random).get(0));
        assertEquals(
                Optional.of("its parts belong to different devices"), EnsembleCheck.problem(foreignMessage, BEFORE));
    }

    @Test
    void ensembleWithWeakKeysIsRefused() {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        PrekeyMessage good = device.newPrekeyMessages(1, random).get(0);
        Point identity = new Point(Bytes.fromHex("01" + "00".repeat(56)));
        for (PrekeyMessage weak : List.of(
                new PrekeyMessage(1, TAG, identity, good.b()), new PrekeyMessage(1, TAG, good.y(), BigInteger.ONE))) {
            assertNotEquals(
                    Optional.empty(),
                    EnsembleCheck.problem(
                            new PrekeyEnsemble(device.clientProfile(), device.prekeyProfile(), weak), BEFORE));
        }
    }

    private Handshake handshake(Draft draft) {
        return Handshake.begin(PrekeyDevice.generate(draft, TAG, EXPIRES, random), ALICE, SERVER, random);
    }

    private PrekeyEnsemble ensemble(PrekeyDevice device, PrekeyDevice prekeyProfileOf) {
        return new PrekeyEnsemble(
                device.clientProfile(),
                prekeyProfileOf.prekeyProfile(),
                device.newPrekeyMessages(1, random).get(0));
    }

    private Dake2 dake2(Dake1 dake1, String jid) {
        Ring ring = new Ring(
                dake1.draft().suite(),
                point(dake1.profile().longTermKey()),
                serverKey.publicKey(),
                point(dake1.ephemeral()));
        return new Dake2(
                dake1.sender(),
                new CompositeIdentity(jid, serverKey.publicKey().point()),
                serverEphemeral.publicKey().point(),
                ring.sign(serverKey, transcript(dake1).signedByServer(), random));
    }

    private Transcript transcript(Dake1 dake1) {
        CompositeIdentity identity =
                new CompositeIdentity(SERVER, serverKey.publicKey().point());
        return new Transcript(
                dake1.profile().encoded(),
                identity.encode(dake1.draft()),
                dake1.ephemeral(),
                serverEphemeral.publicKey().point(),
                Phi.encode(ALICE, SERVER));
    }

    private HandshakeKeys keys(Dake1 dake1) {
        try (SecretBytes shared = serverEphemeral
                .ecdh(dake1.draft().suite(), point(dake1.ephemeral()))
                .orElseThrow()) {
            return HandshakeKeys.of(shared);
        }
    }

    private static ValidPoint point(Point point) {
        return ValidPoint.of(point).orElseThrow();
    }
}
