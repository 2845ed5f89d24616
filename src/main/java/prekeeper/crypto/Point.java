package prekeeper.crypto;

/**
 * The 57-byte encoding of an Ed448 point (RFC 8032, 5.2.2), as it came: nothing is known of it but its length.
 *
 * @param encoded 57 bytes: y little-endian, the sign of x in the top bit
 */
public record Point(Bytes encoded) {
    public static final int BYTES = 57;

    public Point {
        if (encoded.length() != BYTES) {
            throw new IllegalArgumentException("a point of " + encoded.length() + " bytes, " + BYTES + " expected");
        }
    }

    @Override
    public String toString() {
        return encoded.toHex();
    }
}
