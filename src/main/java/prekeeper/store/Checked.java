package prekeeper.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import prekeeper.crypto.Bytes;

/**
 * An encoding as a column keeps it: the encoding, then the first eight bytes of its SHA-256. Neither H2 nor PostgreSQL (unless its
 * cluster was made with checksums) notices when the disk changes a byte, and whoever got the changed prekey message could
 * use nothing of its ensemble.
 */
final class Checked {
    static final int CHECKSUM_BYTES = 8;

    private Checked() {}

    /** What is stored of {@code encoded}. */
    static byte[] seal(Bytes encoded) {
        byte[] plain = encoded.toByteArray();
        byte[] sealed = Arrays.copyOf(plain, plain.length + CHECKSUM_BYTES);
        System.arraycopy(sha256(plain), 0, sealed, plain.length, CHECKSUM_BYTES);
        return sealed;
    }

    /** What was sealed; empty when it is not what it was. */
    static Optional<Bytes> open(Bytes stored) {
        byte[] sealed = stored.toByteArray();
        int length = sealed.length - CHECKSUM_BYTES;
        if (length < 0) {
            return Optional.empty();
        }
        byte[] plain = Arrays.copyOf(sealed, length);
        byte[] expected = sha256(plain);
        boolean whole = Arrays.equals(expected, 0, CHECKSUM_BYTES, sealed, length, sealed.length);
        return whole ? Optional.of(Bytes.of(plain)) : Optional.empty();
    }

    private static byte[] sha256(byte[] plain) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(plain);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
