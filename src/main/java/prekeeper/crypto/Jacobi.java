package prekeeper.crypto;

import java.math.BigInteger;

/**
 * The Jacobi symbol of public values, in variable time.
 *
 * <p>It is a binary Euclid: take factors of two out of a, subtract the smaller of a and b from the larger. 30 halvings
 * at a time run on 64 bits from either end of a and b, as in Pornin's "Optimized Binary GCD for Modular Inversion"; what
 * they did to the pair is a matrix of small numbers, which then goes over all words at once. Unlike there, no step is
 * taken whose outcome the upper bits do not prove, so that a and b never turn negative and every step counts for the symbol.
 */
final class Jacobi {
    /** Halvings in one matrix: its entries, at most 2^30, are kept in pairs in one long. */
    private static final int BATCH = 30;

    /** What two approximations may be off together: each of at most 30 steps adds less than one, and both start below one. */
    private static final long UNSURE = 2 * (BATCH + 1);

    private static final long WORD = 0xFFFFFFFFL;

    /** a and b: unsigned, little-endian, what is above the first {@link #length} words is zero in both; b is odd. */
    private int[] a;

    private int[] b;
    private int length;

    /** In bit 0, how often the symbol has changed its sign. */
    private long flips;

    private Jacobi(BigInteger x, BigInteger n) {
        length = Math.max(x.bitLength(), n.bitLength()) / Integer.SIZE + 2;
        a = words(x, length);
        b = words(n, length);
    }

    /**
     * (x / n): for a prime n, 1 when x is a square mod n and not 0, −1 when it is none, and 0 when n divides x.
     *
     * @param x not negative
     * @param n odd, above 1
     */
    static int symbol(BigInteger x, BigInteger n) {
        return x.signum() == 0 ? 0 : new Jacobi(x, n).run();
    }

    private int run() {
        while (true) {
            while (length > 2 && (a[length - 1] | b[length - 1]) == 0) {
                length--;
            }
            if (length == 2) {
                return finish(low(a), low(b));
            }
            if (!batch() && !step()) {
                return 0; // equal, and longer than two words: a common factor
            }
        }
    }

    /** Halves a by up to 2^30 in all, as far as the upper 62 bits tell which is larger; false when they do not any more. */
    private boolean batch() {
        int shift = Integer.numberOfLeadingZeros(a[length - 1] | b[length - 1]);
        long highA = high(a, shift);
        long highB = high(b, shift);
        long lowA = low(a);
        long lowB = low(b);
        long rowA = 1; // f + 2^32·g, where the new a is (f·a + g·b) / 2^halvings
        long rowB = 1L << 32;
        int halvings = 0;
        boolean sure;
        while (true) {
            int twos = Math.min(Long.numberOfTrailingZeros(lowA), BATCH - halvings);
            lowA >>>= twos;
            highA >>= twos;
            rowB <<= twos;
            halvings += twos;
            flips ^= signOfTwos(twos, lowB);
            long difference = highA - highB;
            long ifLess = difference >> 63; // a mask: which one is larger is a toss that no processor predicts
            long distance = (difference ^ ifLess) - ifLess;
            sure = distance > UNSURE;
            if (halvings == BATCH || !sure) {
                break;
            }
            flips ^= signOfSwap(lowA, lowB) & ifLess;
            highB += difference & ifLess;
            highA = distance;
            difference = lowA - lowB;
            lowB += difference & ifLess;
            lowA = (difference ^ ifLess) - ifLess;
            difference = rowA - rowB;
            rowB += difference & ifLess;
            rowA = (difference ^ ifLess) - ifLess;
        }
        apply(rowA, rowB, halvings);
        return halvings == BATCH;
    }

    private void apply(long rowA, long rowB, int halvings) {
        int[] a = this.a;
        int[] b = this.b;
        long fA = (int) rowA;
        long gA = (rowA - fA) >> 32;
        long fB = (int) rowB;
        long gB = (rowB - fB) >> 32;
        long sumA = fA * (a[0] & WORD) + gA * (b[0] & WORD);
        long sumB = fB * (a[0] & WORD) + gB * (b[0] & WORD);
        for (int i = 1; i <= length; i++) {
            long lastA = sumA & WORD;
            long lastB = sumB & WORD;
            sumA >>= 32;
            sumB >>= 32;
            if (i < length) {
                long wordA = a[i] & WORD;
                long wordB = b[i] & WORD;
                sumA += fA * wordA + gA * wordB;
                sumB += fB * wordA + gB * wordB;
            }
            a[i - 1] = (int) (((sumA << 32) | lastA) >>> halvings);
            b[i - 1] = (int) (((sumB << 32) | lastB) >>> halvings);
        }
    }

    /** One subtraction on all words, for a and b so close that it makes the larger one much shorter; false when equal. */
    private boolean step() {
        int top = length - 1;
        while (top >= 0 && a[top] == b[top]) {
            top--;
        }
        if (top < 0) {
            return false;
        }
        if (Integer.compareUnsigned(a[top], b[top]) < 0) {
            int[] larger = b;
            b = a;
            a = larger;
            flips ^= signOfSwap(a[0], b[0]);
        }
        long difference = 0;
        for (int i = 0; i < length; i++) {
            difference += (a[i] & WORD) - (b[i] & WORD);
            a[i] = (int) difference;
            difference >>= 32;
        }
        return true;
    }

    /** The same on what is left, both of 64 bits and unsigned. */
    private int finish(long a, long b) {
        while (a != 0) {
            int twos = Long.numberOfTrailingZeros(a);
            a >>>= twos;
            flips ^= signOfTwos(twos, b);
            if (Long.compareUnsigned(a, b) < 0) {
                long larger = b;
                b = a;
                a = larger;
                flips ^= signOfSwap(a, b);
            }
            a -= b;
        }
        return b == 1 ? 1 - 2 * (int) (flips & 1) : 0;
    }

    /** In bit 0: (2^twos / n) is −1 for odd {@code twos} and n = 3 or 5 mod 8. */
    private static long signOfTwos(int twos, long n) {
        return twos & ((n >> 1) ^ (n >> 2));
    }

    /** In bit 0: (m / n) = −(n / m) when both are 3 mod 4. */
    private static long signOfSwap(long m, long n) {
        return (m & n) >> 1;
    }

    private static long low(int[] words) {
        return ((long) words[1] << 32) | (words[0] & WORD);
    }

    /** The upper 62 of the 96 − {@code shift} bits in the last three words. */
    private long high(int[] words, int shift) {
        long two = ((long) words[length - 1] << 32) | (words[length - 2] & WORD);
        return ((two << shift) | (words[length - 3] & WORD) >>> (32 - shift)) >>> 2;
    }

    private static int[] words(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        int[] words = new int[length];
        for (int i = 0; i < bytes.length; i++) {
            words[i / 4] |= (bytes[bytes.length - 1 - i] & 0xFF) << (8 * (i % 4));
        }
        return words;
    }
}
