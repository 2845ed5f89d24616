package prekeeper.crypto;

import org.bouncycastle.math.ec.rfc8032.Ed448;

/** Ed448 signatures with an empty context (RFC 8032, 5.2). */
public final class Eddsa {
    public static final int SIGNATURE_BYTES = 114;

    private static final byte[] NO_CONTEXT = new byte[0];

    private Eddsa() {}

    /** Whether {@code signature} (114 bytes; of any other length it is wrong) is one of {@code key} over {@code message}. */
    public static boolean verify(ValidPoint key, Bytes message, Bytes signature) {
        return signature.length() == SIGNATURE_BYTES
                && Ed448.verify(
                        signature.toByteArray(),
                        0,
                        key.point().encoded().toByteArray(),
                        0,
                        NO_CONTEXT,
                        message.toByteArray(),
                        0,
                        message.length());
    }
}
