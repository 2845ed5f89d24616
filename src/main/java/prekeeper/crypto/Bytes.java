package prekeeper.crypto;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable byte string that compares by content, so that records holding encodings compare by what they say.
 *
 * <p>For public data only: it prints itself in hexadecimal and compares in variable time. Secrets go into
 * {@link SecretBytes}.
 */
public final class Bytes {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies {@code bytes}: later changes of the array are not seen here. */
    public static Bytes of(byte... bytes) {
        return new Bytes(bytes.clone());
    }

    /**
     * Reads hexadecimal digits of either case.
     *
     * @throws IllegalArgumentException when {@code hex} is not an even number of hexadecimal digits
     */
    public static Bytes fromHex(String hex) {
        return new Bytes(HexFormat.of().parseHex(hex));
    }

    public int length() {
        return bytes.length;
    }

    /** The byte at {@code index}, counted from 0, as 0 to 255. */
    public int at(int index) {
        return bytes[index] & 0xFF;
    }

    /**
     * The bytes from {@code from} (inclusive) to {@code to} (exclusive).
     *
     * @throws IndexOutOfBoundsException when they are not all there; nothing is clipped silently
     */
    public Bytes slice(int from, int to) {
        if (from < 0 || from > to || to > bytes.length) {
            throw new IndexOutOfBoundsException("bytes " + from + " to " + to + " of " + bytes.length);
        }
        return new Bytes(Arrays.copyOfRange(bytes, from, to));
    }

    /** These bytes followed by {@code next}. */
    public Bytes concat(Bytes next) {
        byte[] both = Arrays.copyOf(bytes, bytes.length + next.bytes.length);
        System.arraycopy(next.bytes, 0, both, bytes.length, next.bytes.length);
        return new Bytes(both);
    }

    /** A fresh copy. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    public String toHex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Hexadecimal digits. */
    @Override
    public String toString() {
        return toHex();
    }
}
