package prekeeper.client;

import java.security.SecureRandom;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.Ring;
import prekeeper.crypto.RingSignature;
import prekeeper.crypto.SecretBytes;
import prekeeper.crypto.ValidPoint;
import prekeeper.wire.CompositeIdentity;
import prekeeper.wire.Dake1;
import prekeeper.wire.Dake2;
import prekeeper.wire.HandshakeKeys;
import prekeeper.wire.Phi;
import prekeeper.wire.Transcript;

/**
 * A publisher's half of one DAKEZ, from DAKE-1 to the check of DAKE-2 (prekey server spec, "DAKEZ"). Each serves one
 * publication or one status request.
 *
 * <p>Not thread-safe.
 */
public final class Handshake implements AutoCloseable {
    private final PrekeyDevice device;
    private final String publisher;
    private final String server;
    private final Ed448KeyPair ephemeral;
    private final SecureRandom random;

    private Handshake(
            PrekeyDevice device, String publisher, String server, Ed448KeyPair ephemeral, SecureRandom random) {
        this.device = device;
        this.publisher = publisher;
        this.server = server;
        this.ephemeral = ephemeral;
        this.random = random;
    }

    /**
     * Begins one with a fresh ephemeral key.
     *
     * @param publisher the bare JID that the device belongs to, prepared
     * @param server the JID of the prekey server, prepared
     */
    public static Handshake begin(PrekeyDevice device, String publisher, String server, SecureRandom random) {
        return with(device, publisher, server, Ed448KeyPair.generate(random), random);
    }

    /** Begins one with a known ephemeral key, which it closes. */
    static Handshake with(
            PrekeyDevice device, String publisher, String server, Ed448KeyPair ephemeral, SecureRandom random) {
        return new Handshake(device, publisher, server, ephemeral, random);
    }

    /** What to send first. */
    public Dake1 dake1() {
        return new Dake1(
                device.tag(), device.clientProfile(), ephemeral.publicKey().point());
    }

    /**
     * Checks that {@code dake2} answers {@link #dake1()} and was made by the server that it names. Whether its key is the
     * right one, {@link PublisherSession#server()} tells, is for the caller to know: compare fingerprints.
     *
     * @throws UntrustedAnswerException when it was not
     */
    public PublisherSession accept(Dake2 dake2) throws UntrustedAnswerException {
        CompositeIdentity identity = dake2.identity();
        requireTrue(dake2.receiver().equals(device.tag()), "DAKE-2 for the device " + dake2.receiver());
        requireTrue(identity.serverJid().equals(server), "DAKE-2 of the server " + identity.serverJid());
        ValidPoint serverKey = ValidPoint.of(identity.publicKey())
                .orElseThrow(() -> new UntrustedAnswerException("DAKE-2 with an invalid long-term key"));
        ValidPoint serverEphemeral = ValidPoint.of(dake2.ephemeral())
                .orElseThrow(() -> new UntrustedAnswerException("DAKE-2 with an invalid ephemeral key"));
        Transcript transcript = new Transcript(
                device.clientProfile().encoded(),
                identity.encode(device.draft()),
                ephemeral.publicKey().point(),
                dake2.ephemeral(),
                Phi.encode(publisher, server));
        // ring {H_a, H_s, I}
        Ring serversRing =
                new Ring(device.draft().suite(), device.longTerm().publicKey(), serverKey, ephemeral.publicKey());
        requireTrue(
                serversRing.verify(dake2.sigma(), transcript.signedByServer()), "DAKE-2 whose ring signature is wrong");
        // ring {H_a, H_s, S}
        Ring ourRing = new Ring(device.draft().suite(), device.longTerm().publicKey(), serverKey, serverEphemeral);
        RingSignature sigma = ourRing.sign(device.longTerm(), transcript.signedByPublisher(), random);
        return new PublisherSession(device, identity, sigma, keys(serverEphemeral), random);
    }

    @Override
    public void close() {
        ephemeral.close();
    }

    private HandshakeKeys keys(ValidPoint serverEphemeral) throws UntrustedAnswerException {
        try (SecretBytes shared = ephemeral
                .ecdh(device.draft().suite(), serverEphemeral)
                .orElseThrow(() -> new UntrustedAnswerException("DAKE-2 that leads to no shared secret"))) {
            return HandshakeKeys.of(shared);
        }
    }

    private static void requireTrue(boolean holds, String found) throws UntrustedAnswerException {
        if (!holds) {
            throw new UntrustedAnswerException(found);
        }
    }
}
