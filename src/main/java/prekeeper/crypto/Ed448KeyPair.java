package prekeeper.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.math.ec.rfc8032.Ed448;

/**
 * A long-term or ephemeral key pair, made from 57 random bytes, the symmetric key, which is what RFC 8032 calls the
 * private key (OTRv4, "Generating ECDH and DH keys", and RFC 8032, 5.2.5).
 *
 * <p>Every use of the secret is constant-time. {@link #close()} wipes it; whoever made the pair closes it.
 */
public final class Ed448KeyPair implements AutoCloseable {
    public static final int SYMMETRIC_KEY_BYTES = 57;

    private static final byte[] NO_CONTEXT = new byte[0];
    private static final byte[] IDENTITY_ENCODED =
            GroupElement.IDENTITY.encode().encoded().toByteArray();

    private final byte[] symmetricKey;
    /** RFC 8032's pruned secret scalar a, mod q. */
    private final Scalar pruned;

    private final ValidPoint publicKey;

    private Ed448KeyPair(byte[] symmetricKey) {
        this.symmetricKey = symmetricKey;
        pruned = prune(symmetricKey);
        publicKey = ValidPoint.trusted(Comb.BASE.times(pruned));
    }

    /**
     * The pair that {@code symmetricKey} stands for. The key is copied; the caller closes its own.
     *
     * @param symmetricKey 57 bytes
     */
    public static Ed448KeyPair fromSymmetricKey(SecretBytes symmetricKey) {
        if (symmetricKey.length() != SYMMETRIC_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a symmetric key of " + symmetricKey.length() + " bytes, " + SYMMETRIC_KEY_BYTES + " expected");
        }
        return new Ed448KeyPair(symmetricKey.toByteArray());
    }

    /** A fresh random pair. */
    public static Ed448KeyPair generate(SecureRandom random) {
        byte[] symmetricKey = new byte[SYMMETRIC_KEY_BYTES];
        random.nextBytes(symmetricKey);
        return new Ed448KeyPair(symmetricKey);
    }

    private static Scalar prune(byte[] symmetricKey) {
        SHAKEDigest shake = new SHAKEDigest(256);
        shake.update(symmetricKey, 0, symmetricKey.length);
        byte[] hash = new byte[2 * SYMMETRIC_KEY_BYTES];
        shake.doFinal(hash, 0, hash.length);
        byte[] scalar = Arrays.copyOf(hash, SYMMETRIC_KEY_BYTES);
        scalar[0] &= (byte) 0xFC;
        scalar[55] |= (byte) 0x80;
        scalar[56] = 0;
        Scalar pruned = Scalar.fromLittleEndian(scalar);
        Arrays.fill(hash, (byte) 0);
        Arrays.fill(scalar, (byte) 0);
        return pruned;
    }

    public ValidPoint publicKey() {
        return publicKey;
    }

    /** The 57 bytes that the pair was made from, for keeping; the caller closes them. */
    public SecretBytes symmetricKey() {
        return SecretBytes.copyOf(symmetricKey);
    }

    /** Signs with EdDSA (RFC 8032, Ed448, empty context): 114 bytes, the same for the same message. */
    public Bytes sign(Bytes message) {
        byte[] signature = new byte[Eddsa.SIGNATURE_BYTES];
        Ed448.sign(symmetricKey, 0, NO_CONTEXT, message.toByteArray(), 0, message.length(), signature, 0);
        return Bytes.of(signature);
    }

    /**
     * The ECDH secret shared with the owner of {@code theirs}: an encoded point, 57 bytes, which the caller closes.
     *
     * @return empty when it is all zero or the identity, which no valid point leads to
     */
    public Optional<SecretBytes> ecdh(Suite suite, ValidPoint theirs) {
        Scalar secret = suite.ecdhScalar(pruned);
        SecretBytes shared =
                SecretBytes.adopt(theirs.comb().times(secret).encode().encoded().toByteArray());
        secret.wipe();
        if (shared.matches(new byte[Point.BYTES]) || shared.matches(IDENTITY_ENCODED)) {
            return Optional.empty();
        }
        return Optional.of(shared);
    }

    /** The secret scalar k with k·b the public key; the caller wipes it. */
    Scalar secretOverBase(Suite suite) {
        return suite.secretOverBase(pruned);
    }

    /** The public key only. */
    @Override
    public String toString() {
        return "Ed448KeyPair[" + publicKey + "]";
    }

    @Override
    public void close() {
        Arrays.fill(symmetricKey, (byte) 0);
        pruned.wipe();
    }
}
