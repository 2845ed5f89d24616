package prekeeper.crypto;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.bouncycastle.crypto.params.DHParameters;
import org.bouncycastle.crypto.params.DHPublicKeyParameters;

/** The 3072-bit group of RFC 3526 ("15"): p = 2q + 1 a safe prime, generator 2 of the subgroup of order q. */
public final class DhGroup {
    /** Longest big-endian magnitude of a value below p. */
    public static final int BYTES = 384;

    public static final BigInteger P = new BigInteger(
            "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
                    + "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
                    + "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
                    + "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
                    + "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
                    + "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
                    + "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
                    + "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33"
                    + "A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
                    + "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864"
                    + "D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2"
                    + "08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
            16);

    /** Order of the subgroup that {@link #G} generates. */
    public static final BigInteger Q = P.shiftRight(1);

    public static final BigInteger G = BigInteger.TWO;

    private static final int BITS = 8 * BYTES;
    private static final int FOLD_BITS = BITS * 3 / 2;
    private static final BigInteger FOLD = BigInteger.ONE.shiftLeft(FOLD_BITS).mod(P);
    private static final int RECIPROCAL_BITS = FOLD_BITS + 4;
    private static final BigInteger RECIPROCAL =
            BigInteger.ONE.shiftLeft(RECIPROCAL_BITS).divide(P);

    private static final DHParameters PARAMETERS = new DHParameters(P, G, Q);

    private DhGroup() {}

    /**
     * Whether {@code value} is from 2 to p − 2 and in the subgroup of order q; in variable time.
     *
     * <p>p is a safe prime, so the subgroup is that of the squares, which Bouncy Castle tells by a Legendre symbol.
     */
    public static boolean isValid(BigInteger value) {
        try {
            new DHPublicKeyParameters(value, PARAMETERS);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Π bases[i]^exponents[i] mod p for public data, by Bos and Coster: with the two largest exponents a and b of x and y,
     * x^a · y^b = x^(a−b) · (xy)^b, until one is left. Many exponents of one size make it one multiplication for a few bits.
     *
     * @param bases from 0 to p − 1
     * @param exponents not negative
     */
    static BigInteger multiPower(List<BigInteger> bases, List<BigInteger> exponents) {
        PriorityQueue<Power> largestFirst =
                new PriorityQueue<>(Comparator.comparing(Power::exponent).reversed());
        for (int i = 0; i < bases.size(); i++) {
            largestFirst.add(new Power(bases.get(i), exponents.get(i)));
        }
        while (largestFirst.size() > 1) {
            Power largest = largestFirst.remove();
            Power second = largestFirst.remove();
            if (second.exponent.signum() == 0) {
                return largest.value();
            }
            if (largest.exponent.bitLength() > second.exponent.bitLength() + 1) { // subtracting would take too often
                largestFirst.add(new Power(reduce(largest.value().multiply(second.value())), BigInteger.ONE));
                continue;
            }
            largestFirst.add(new Power(largest.base, largest.exponent.subtract(second.exponent)));
            largestFirst.add(new Power(reduce(largest.base.multiply(second.base)), second.exponent));
        }
        return largestFirst.isEmpty() ? BigInteger.ONE : largestFirst.remove().value();
    }

    private record Power(BigInteger base, BigInteger exponent) {
        BigInteger value() {
            return base.modPow(exponent, P);
        }
    }

    /**
     * {@code value} mod p, for a value below p². First what stands above 4608 bits is folded down with 2^4608 mod p, which
     * leaves less than 4610 bits; then Barrett's estimate of the quotient is a few too small at most.
     */
    private static BigInteger reduce(BigInteger value) {
        BigInteger high = value.shiftRight(FOLD_BITS);
        BigInteger folded = value.subtract(high.shiftLeft(FOLD_BITS)).add(high.multiply(FOLD));
        BigInteger quotient = folded.shiftRight(BITS - 2).multiply(RECIPROCAL).shiftRight(RECIPROCAL_BITS - (BITS - 2));
        BigInteger remainder = folded.subtract(quotient.multiply(P));
        while (remainder.compareTo(P) >= 0) {
            remainder = remainder.subtract(P);
        }
        return remainder;
    }
}
