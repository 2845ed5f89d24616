package prekeeper.client;

import java.security.SecureRandom;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.Ring;
import prekeeper.crypto.RingSignature;
import prekeeper.crypto.ValidPoint;
import prekeeper.protocol.HandshakeKeys;
import prekeeper.protocol.Keys;
import prekeeper.protocol.Transcript;
import prekeeper.protocol.VerificationException;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.CompositeIdentity;
import prekeeper.wire.Dake1;
import prekeeper.wire.Dake2;

/**
 * A publisher's side of the deniable handshake, from DAKE-1 to the check of DAKE-2 (prekey server spec, "Key Exchange").
 * Each serves one publication or one status request.
 *
 * <p>Not thread-safe.
 */
public final class Handshake implements AutoCloseable {
    private final PrekeyDevice device;
    /** As it was at the beginning: it may be renewed meanwhile. */
    private final ClientProfile clientProfile;

    private final String publisher;
    private final String server;
    private final Ed448KeyPair ephemeral;
    private final SecureRandom random;

    private Handshake(
            PrekeyDevice device, String publisher, String server, Ed448KeyPair ephemeral, SecureRandom random) {
        this.device = device;
        this.clientProfile = device.clientProfile();
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
        return new Handshake(device, publisher, server, Ed448KeyPair.generate(random), random);
    }

    /** What to send first. */
    public Dake1 dake1() {
        return new Dake1(device.tag(), clientProfile, ephemeral.publicKey().point());
    }

    /**
     * Checks that {@code dake2} answers {@link #dake1()} and was made by the server that it names. Whether the key of that
     * server is the right one is for the caller to know: compare the fingerprint of {@link PublisherSession#server()}.
     */
    public PublisherSession accept(Dake2 dake2) throws VerificationException {
        CompositeIdentity identity = dake2.identity();
        VerificationException.unless(dake2.receiver().equals(device.tag()), "DAKE-2 is for another device");
        VerificationException.unless(identity.serverJid().equals(server), "DAKE-2 names another server");
        ValidPoint serverKey = Keys.valid(identity.publicKey(), "long-term key of the server");
        ValidPoint serverEphemeral = Keys.valid(dake2.ephemeral(), "ephemeral key of the server");
        Transcript transcript = new Transcript(
                publisher, clientProfile, identity, ephemeral.publicKey().point(), dake2.ephemeral());
        VerificationException.unless(
                ring(serverKey, ephemeral.publicKey()).verify(dake2.sigma(), transcript.ofDake2()),
                "ring signature of DAKE-2 is wrong");
        RingSignature sigma = ring(serverKey, serverEphemeral).sign(device.longTerm(), transcript.ofDake3(), random);
        HandshakeKeys keys = HandshakeKeys.derive(device.draft().suite(), ephemeral, serverEphemeral);
        return new PublisherSession(device, identity, sigma, keys, random);
    }

    @Override
    public void close() {
        ephemeral.close();
    }

    private Ring ring(ValidPoint serverKey, ValidPoint ephemeralKey) throws VerificationException {
        return Ring.of(device.draft().suite(), device.longTerm().publicKey(), serverKey, ephemeralKey)
                .orElseThrow(() -> new VerificationException("one key stands twice in a ring"));
    }
}
