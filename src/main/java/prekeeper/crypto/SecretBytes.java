package prekeeper.crypto;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Key material. Never printed, compared in constant time, wiped on close (best effort on a JVM).
 *
 * <p>Not thread-safe against {@link #close()}: whoever owns it decides when it ends.
 */
public final class SecretBytes implements AutoCloseable {
    private final byte[] bytes;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies {@code bytes}; the caller wipes its own array. */
    public static SecretBytes copyOf(byte[] bytes) {
        return new SecretBytes(bytes.clone());
    }

    /** Takes {@code bytes} over: the caller must not use the array again, it is wiped by {@link #close()}. */
    public static SecretBytes adopt(byte[] bytes) {
        return new SecretBytes(bytes);
    }

    public int length() {
        return bytes.length;
    }

    /** A fresh copy that the caller wipes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** Constant-time comparison of content. */
    public boolean matches(byte[] other) {
        return MessageDigest.isEqual(bytes, other);
    }

    /** The length only, never the content. */
    @Override
    public String toString() {
        return "SecretBytes[" + bytes.length + "]";
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }
}
