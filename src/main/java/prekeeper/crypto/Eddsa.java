package prekeeper.crypto;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.math.ec.rfc8032.Ed448;

/** Ed448 signatures with an empty context (RFC 8032, 5.2). */
public final class Eddsa {
    public static final int SIGNATURE_BYTES = 114;

    private static final byte[] NO_CONTEXT = new byte[0];
    /** dom4 of no prehash and no context (RFC 8032, 5.2). */
    private static final byte[] DOMAIN = "SigEd448\0\0".getBytes(StandardCharsets.US_ASCII);

    private static final int HASH_BYTES = 114;

    private Eddsa() {}

    /**
     * Whether {@code signature} (114 bytes; of any other length it is wrong) is one of {@code key} over {@code message}.
     *
     * <p>What is right is what Bouncy Castle takes for right: 4·S·B = 4·R + 4·k·A. It is asked only about signatures that lack S·B
     * = R + k·A, which no honest signer makes, because with a key that has been multiplied already that is told faster.
     */
    public static boolean verify(ValidPoint key, Bytes message, Bytes signature) {
        return signature.length() == SIGNATURE_BYTES
                && (isRight(key, message, signature)
                        || Ed448.verify(
                                signature.toByteArray(),
                                0,
                                key.point().encoded().toByteArray(),
                                0,
                                NO_CONTEXT,
                                message.toByteArray(),
                                0,
                                message.length()));
    }

    private static boolean isRight(ValidPoint key, Bytes message, Bytes signature) {
        Bytes encodedR = signature.slice(0, Point.BYTES);
        Bytes encodedS = signature.slice(Point.BYTES, SIGNATURE_BYTES);
        Scalar s = Scalar.fromLittleEndian(encodedS);
        boolean isReduced = Bytes.of(s.toLittleEndian(encodedS.length())).equals(encodedS);
        Scalar minusK = challenge(key, message, encodedR).negated();
        return isReduced
                && key.comb().timesPlusBaseVar(minusK, s).encodeVar().encoded().equals(encodedR);
    }

    /** The RFC's k. */
    private static Scalar challenge(ValidPoint key, Bytes message, Bytes encodedR) {
        SHAKEDigest shake = new SHAKEDigest(256);
        shake.update(DOMAIN, 0, DOMAIN.length);
        for (Bytes part : List.of(encodedR, key.point().encoded(), message)) {
            shake.update(part.toByteArray(), 0, part.length());
        }
        byte[] hash = new byte[HASH_BYTES];
        shake.doFinal(hash, 0, hash.length);
        return Scalar.fromLittleEndian(hash);
    }
}
