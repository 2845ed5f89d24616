package prekeeper.protocol;

import prekeeper.crypto.Bytes;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.Kdf;
import prekeeper.crypto.KdfUsage;
import prekeeper.crypto.SecretBytes;
import prekeeper.crypto.Suite;
import prekeeper.crypto.ValidPoint;

/**
 * What both sides of a handshake derive of the shared secret SK, which is wiped at once (prekey server spec, "Shared
 * Secrets" and "Proofs"). Whoever derived them closes them.
 *
 * @param macKey 64 bytes, the spec's prekey MAC key
 * @param proofContext 64 bytes, the spec's m, which ties proofs of possession to this handshake
 */
public record HandshakeKeys(SecretBytes macKey, Bytes proofContext) implements AutoCloseable {

    /** Derives them from one's own ephemeral pair and the other's ephemeral key. */
    public static HandshakeKeys derive(Suite suite, Ed448KeyPair ours, ValidPoint theirs) throws VerificationException {
        try (SecretBytes ecdh =
                        ours.ecdh(suite, theirs).orElseThrow(() -> new VerificationException("ECDH has no result"));
                SecretBytes sharedSecret = Kdf.derive(KdfUsage.SHARED_SECRET, ecdh);
                SecretBytes context = Kdf.derive(KdfUsage.PROOF_CONTEXT, sharedSecret)) {
            return new HandshakeKeys(Kdf.derive(KdfUsage.PRE_MAC_KEY, sharedSecret), Bytes.of(context.toByteArray()));
        }
    }

    @Override
    public void close() {
        macKey.close();
    }
}
