package prekeeper.crypto;

import java.math.BigInteger;
import java.util.List;

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

    /** Bases of a multiple power that share products: more need more subsets than they save for 352 bits. */
    private static final int TOGETHER = 7;

    private DhGroup() {}

    /**
     * Whether {@code value} is from 2 to p − 2 and in the subgroup of order q; in variable time.
     *
     * <p>p is a safe prime, so the subgroup is that of the squares, which the Jacobi symbol tells.
     */
    public static boolean isValid(BigInteger value) {
        return value.compareTo(BigInteger.TWO) >= 0
                && value.compareTo(P.subtract(BigInteger.TWO)) <= 0
                && Jacobi.symbol(value, P) == 1;
    }

    /**
     * Π bases[i]^exponents[i] mod p for public data.
     *
     * <p>Up to {@value #TOGETHER} bases at once: with the products of all their subsets made first, one multiplication takes care of
     * one bit of all their exponents (Straus, "Addition Chains of Vectors"). Each bit has its own product, and only
     * these are squared.
     *
     * @param bases from 0 to p − 1
     * @param exponents not negative
     */
    static BigInteger multiPower(List<BigInteger> bases, List<BigInteger> exponents) {
        int bits = exponents.stream().mapToInt(BigInteger::bitLength).max().orElse(0);
        if (bits == 0) {
            return BigInteger.ONE;
        }
        ModP modP = new ModP();
        double[][] products = new double[bits][];
        int groups = (bases.size() + TOGETHER - 1) / TOGETHER;
        for (int i = 0; i < groups; i++) {
            int from = bases.size() * i / groups;
            int to = bases.size() * (i + 1) / groups;
            double[][] subsets = subsets(modP, bases.subList(from, to));
            for (int bit = 0; bit < bits; bit++) {
                int subset = 0;
                for (int j = from; j < to; j++) {
                    subset |= exponents.get(j).testBit(bit) ? 1 << (j - from) : 0;
                }
                if (i == 0) {
                    products[bit] = subsets[subset].clone();
                } else if (subset != 0) {
                    modP.multiply(subsets[subset], products[bit], products[bit]);
                }
            }
        }
        double[] result = products[bits - 1];
        for (int bit = bits - 2; bit >= 0; bit--) {
            modP.multiply(result, result, result);
            modP.multiply(products[bit], result, result);
        }
        return modP.value(result);
    }

    /** At index s the product of the bases at whose index s has a bit. */
    private static double[][] subsets(ModP modP, List<BigInteger> bases) {
        double[][] products = new double[1 << bases.size()][];
        products[0] = modP.of(BigInteger.ONE);
        for (int i = 0; i < bases.size(); i++) {
            products[1 << i] = modP.of(bases.get(i));
            for (int s = 1; s < 1 << i; s++) {
                products[(1 << i) | s] = new double[ModP.DIGITS];
                modP.multiply(products[1 << i], products[s], products[(1 << i) | s]);
            }
        }
        return products;
    }
}
