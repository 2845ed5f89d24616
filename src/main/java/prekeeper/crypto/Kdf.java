package prekeeper.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHAKEDigest;

/**
 * KDF(usage, value, n) = the first n bytes of SHAKE-256("OTR-Prekey-Server" ‖ usage ‖ value) (prekey server spec, "Key
 * Derivation Functions"). Its values may be secret: time depends on lengths alone.
 */
public final class Kdf {
    /** Length of keys, MACs and most hashes of the protocol. */
    public static final int BYTES = 64;

    private static final byte[] DOMAIN = "OTR-Prekey-Server".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTRV4_DOMAIN = "OTRv4".getBytes(StandardCharsets.US_ASCII);
    private static final byte OTRV4_USAGE_FINGERPRINT = 0x00;

    private Kdf() {}

    /** KDF over the concatenation of public {@code values}, {@code size} bytes of it. */
    public static Bytes hash(KdfUsage usage, int size, Bytes... values) {
        return Bytes.of(shake(DOMAIN, usage.id(), size, arrays(values)));
    }

    /** KDF over {@code secret} followed by {@code values}, {@link #BYTES} of it, which the caller closes. */
    public static SecretBytes derive(KdfUsage usage, SecretBytes secret, Bytes... values) {
        byte[][] hashed = new byte[1 + values.length][];
        hashed[0] = secret.toByteArray();
        System.arraycopy(arrays(values), 0, hashed, 1, values.length);
        SecretBytes derived = SecretBytes.adopt(shake(DOMAIN, usage.id(), BYTES, hashed));
        Arrays.fill(hashed[0], (byte) 0);
        return derived;
    }

    /** OTRv4's own KDF with its fingerprint usage, 56 bytes (OTRv4, "Key Derivation Functions"). */
    public static Bytes otrv4Fingerprint(Bytes value) {
        return Bytes.of(shake(OTRV4_DOMAIN, OTRV4_USAGE_FINGERPRINT, 56, value.toByteArray()));
    }

    private static byte[] shake(byte[] domain, byte usage, int size, byte[]... values) {
        SHAKEDigest shake = new SHAKEDigest(256);
        shake.update(domain, 0, domain.length);
        shake.update(usage);
        for (byte[] value : values) {
            shake.update(value, 0, value.length);
        }
        byte[] out = new byte[size];
        shake.doFinal(out, 0, size);
        return out;
    }

    private static byte[][] arrays(Bytes... values) {
        return Arrays.stream(values).map(Bytes::toByteArray).toArray(byte[][]::new);
    }
}
