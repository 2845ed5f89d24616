package prekeeper.crypto;

import java.math.BigInteger;

/**
 * DSA as OTRv3 clients use it: with a 160-bit q, a signature of r and s in 20 bytes each, and the message itself, read as
 * one big-endian integer, where DSA has its hash (libotr's way, which transitional signatures took over).
 */
public final class Dsa {
    public static final int SIGNATURE_BYTES = 40;

    private static final int Q_BITS = 160;

    private Dsa() {}

    /**
     * Verifies in variable time. Parameters are a peer's and may be anything: what is no signature is a wrong one.
     *
     * @param signature 40 bytes
     */
    public static boolean verify(
            BigInteger p, BigInteger q, BigInteger g, BigInteger y, Bytes message, Bytes signature) {
        if (signature.length() != SIGNATURE_BYTES
                || q.bitLength() != Q_BITS
                || !p.testBit(0)
                || !isBetween(BigInteger.ONE, g, p)
                || !isBetween(BigInteger.ONE, y, p)) {
            return false;
        }
        BigInteger r = unsigned(signature.slice(0, 20));
        BigInteger s = unsigned(signature.slice(20, 40));
        if (!isBetween(BigInteger.ZERO, r, q)
                || !isBetween(BigInteger.ZERO, s, q)
                || !s.gcd(q).equals(BigInteger.ONE)) {
            return false;
        }
        BigInteger w = s.modInverse(q);
        BigInteger u1 = unsigned(message).multiply(w).mod(q);
        BigInteger u2 = r.multiply(w).mod(q);
        BigInteger v = g.modPow(u1, p).multiply(y.modPow(u2, p)).mod(p).mod(q);
        return v.equals(r);
    }

    private static boolean isBetween(BigInteger below, BigInteger value, BigInteger above) {
        return value.compareTo(below) > 0 && value.compareTo(above) < 0;
    }

    private static BigInteger unsigned(Bytes bytes) {
        return new BigInteger(1, bytes.toByteArray());
    }
}
