package prekeeper.service;

import java.security.SecureRandom;
import java.time.Instant;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.Ring;
import prekeeper.crypto.RingSignature;
import prekeeper.crypto.Suite;
import prekeeper.crypto.ValidPoint;
import prekeeper.protocol.HandshakeKeys;
import prekeeper.protocol.Keys;
import prekeeper.protocol.Transcript;
import prekeeper.protocol.VerificationException;
import prekeeper.protocol.VerifiedClientProfile;
import prekeeper.wire.Dake1;
import prekeeper.wire.Dake2;
import prekeeper.wire.Dake3;

/** The server's side of the deniable handshake (prekey server spec, "Key Exchange"; docs/protocol.md, "The handshake"). */
final class Dakez {
    private final ServerIdentity server;
    private final SecureRandom random;

    /** What DAKE-1 leads to: the answer, and what is kept until DAKE-3. */
    record Step(Dake2 answer, Handshake handshake) {}

    Dakez(ServerIdentity server, SecureRandom random) {
        this.server = server;
        this.random = random;
    }

    Step answer(String account, Dake1 message, Instant now) throws VerificationException {
        VerifiedClientProfile publisher = VerifiedClientProfile.verify(message.profile(), message.sender(), now);
        ValidPoint theirs = Keys.valid(message.ephemeral(), "ephemeral key");
        Suite suite = message.draft().suite();
        Ring ring = ring(suite, publisher.longTermKey(), theirs);
        try (Ed448KeyPair ephemeral = Ed448KeyPair.generate(random)) {
            HandshakeKeys keys = HandshakeKeys.derive(suite, ephemeral, theirs);
            Handshake handshake = new Handshake(account, publisher, theirs.point(), ephemeral.publicKey(), keys);
            RingSignature sigma =
                    ring.sign(server.longTerm(), transcript(handshake).ofDake2(), random);
            Dake2 answer = new Dake2(
                    message.sender(), server.composite(), handshake.ours().point(), sigma);
            return new Step(answer, handshake);
        }
    }

    /** Throws unless {@code message} proves, as deniably as a ring does, the long-term key of the handshake. */
    void authenticate(Handshake handshake, Dake3 message) throws VerificationException {
        Ring ring = ring(handshake.draft().suite(), handshake.publisher().longTermKey(), handshake.ours());
        VerificationException.unless(
                ring.verify(message.sigma(), transcript(handshake).ofDake3()), "ring signature of DAKE-3 is wrong");
    }

    private Ring ring(Suite suite, ValidPoint publisher, ValidPoint ephemeral) throws VerificationException {
        return Ring.of(suite, publisher, server.longTerm().publicKey(), ephemeral)
                .orElseThrow(() -> new VerificationException("one key stands twice in a ring"));
    }

    private Transcript transcript(Handshake handshake) {
        return new Transcript(
                handshake.account(),
                handshake.publisher().profile(),
                server.composite(),
                handshake.theirs(),
                handshake.ours().point());
    }
}
