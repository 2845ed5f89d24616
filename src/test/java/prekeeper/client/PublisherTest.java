package prekeeper.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
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
import prekeeper.protocol.ExpiredException;
import prekeeper.protocol.HandshakeKeys;
import prekeeper.protocol.Macs;
import prekeeper.protocol.Transcript;
import prekeeper.protocol.VerificationException;
import prekeeper.wire.CompositeIdentity;
import prekeeper.wire.Dake1;
import prekeeper.wire.Dake2;
import prekeeper.wire.Dake3;
import prekeeper.wire.Draft;
import prekeeper.wire.Failure;
import prekeeper.wire.InnerMessage;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyEnsemble;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.PrekeyPublication;
import prekeeper.wire.StorageStatus;
import prekeeper.wire.Success;

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

        Ring ring = Ring.of(
                        draft.suite(),
                        point(device.clientProfile().longTermKey()),
                        serverKey.publicKey(),
                        serverEphemeral.publicKey())
                .orElseThrow();
        assertTrue(ring.verify(dake3.sigma(), transcript(dake1).ofDake3()));
        HandshakeKeys keys = keys(dake1);
        PrekeyPublication publication = (PrekeyPublication) InnerMessage.decode(dake3.inner(), draft);
        assertEquals(bytes(Macs.publication(keys.macKey(), publication)), publication.mac());
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
        assertEquals(
                new PublisherSession.Answer.Stored(),
                session.read(new Success(TAG, bytes(Macs.success(keys.macKey(), TAG)))));
        assertEquals(
                new PublisherSession.Answer.Refused(),
                session.read(new Failure(TAG, bytes(Macs.failure(keys.macKey(), TAG)))));
    }

    @ParameterizedTest
    @EnumSource(Draft.class)
    void statusCountIsBelievedWithItsMacOnly(Draft draft) throws Exception {
        Handshake handshake = handshake(draft);
        Dake1 dake1 = handshake.dake1();
        PublisherSession session = handshake.accept(dake2(dake1, SERVER));
        HandshakeKeys keys = keys(dake1);
        assertEquals(
                bytes(Macs.storageInformationRequest(keys.macKey())),
                InnerMessage.decode(session.askStatus().inner(), draft).mac());
        assertEquals(
                new PublisherSession.Answer.Count(0xFFFF_FFFFL),
                session.read(new StorageStatus(TAG, -1, bytes(Macs.storageStatus(keys.macKey(), TAG, -1)))));
        assertThrows(
                VerificationException.class,
                () -> session.read(new StorageStatus(TAG, 4, bytes(Macs.storageStatus(keys.macKey(), TAG, 3)))));
        InstanceTag other = new InstanceTag(0x1235);
        assertThrows(
                VerificationException.class,
                () -> session.read(new StorageStatus(other, 3, bytes(Macs.storageStatus(keys.macKey(), other, 3)))));
        assertThrows(
                VerificationException.class,
                () -> session.read(new Success(TAG, bytes(Macs.failure(keys.macKey(), TAG)))));
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
            assertThrows(VerificationException.class, () -> handshake.accept(wrong));
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
    void ensembleIsUsableUntilItExpires(Draft draft) throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(draft, TAG, EXPIRES, random);
        PrekeyEnsemble ensemble = ensemble(device, device);
        EnsembleCheck.verify(ensemble, BEFORE);
        assertThrows(ExpiredException.class, () -> EnsembleCheck.verify(ensemble, EXPIRES));
    }

    @Test
    void ensembleOfTwoOwnersIsRefused() {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        PrekeyDevice sameTag = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        PrekeyDevice otherTag = PrekeyDevice.generate(Draft.SPEC, new InstanceTag(0x1235), EXPIRES, random);
        for (PrekeyEnsemble mixed : List.of(
                ensemble(device, sameTag),
                ensemble(device, otherTag),
                withMessage(device, otherTag.newPrekeyMessages(1, random).get(0)))) {
            assertThrows(VerificationException.class, () -> EnsembleCheck.verify(mixed, BEFORE));
        }
    }

    @Test
    void ensembleWithWeakKeysIsRefused() {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        PrekeyMessage good = device.newPrekeyMessages(1, random).get(0);
        Point identity = new Point(Bytes.fromHex("01" + "00".repeat(56)));
        for (PrekeyMessage weak : List.of(
                new PrekeyMessage(1, TAG, identity, good.b()), new PrekeyMessage(1, TAG, good.y(), BigInteger.ONE))) {
            assertThrows(VerificationException.class, () -> EnsembleCheck.verify(withMessage(device, weak), BEFORE));
        }
    }

    private static PrekeyEnsemble withMessage(PrekeyDevice device, PrekeyMessage message) {
        return new PrekeyEnsemble(device.clientProfile(), device.prekeyProfile(), message);
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
        Ring ring = Ring.of(
                        dake1.draft().suite(),
                        point(dake1.profile().longTermKey()),
                        serverKey.publicKey(),
                        point(dake1.ephemeral()))
                .orElseThrow();
        return new Dake2(
                dake1.sender(),
                new CompositeIdentity(jid, serverKey.publicKey().point()),
                serverEphemeral.publicKey().point(),
                ring.sign(serverKey, transcript(dake1).ofDake2(), random));
    }

    private Transcript transcript(Dake1 dake1) {
        return new Transcript(
                ALICE,
                dake1.profile(),
                new CompositeIdentity(SERVER, serverKey.publicKey().point()),
                dake1.ephemeral(),
                serverEphemeral.publicKey().point());
    }

    private HandshakeKeys keys(Dake1 dake1) throws VerificationException {
        return HandshakeKeys.derive(dake1.draft().suite(), serverEphemeral, point(dake1.ephemeral()));
    }

    private static Bytes bytes(SecretBytes mac) {
        return Bytes.of(mac.toByteArray());
    }

    private static ValidPoint point(Point point) {
        return ValidPoint.of(point).orElseThrow();
    }
}
