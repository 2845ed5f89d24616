package prekeeper.crypto;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * An integer modulo q, the prime order of the Ed448 subgroup (RFC 8032, 5.2): q = 2^446 − c with c below 2^224.
 *
 * <p>Always reduced. Arithmetic takes the same steps whatever the values, so a scalar may be secret; whoever made a
 * secret one wipes it. {@link #wnaf} and {@link #isZero} alone are for public scalars.
 */
final class Scalar {
    /** Bytes that hold any reduced scalar. */
    static final int BYTES = 56;

    static final BigInteger Q = BigInteger.ONE
            .shiftLeft(446)
            .subtract(new BigInteger("13818066809895115352007386748515426880336692474882178609894547503885"));

    private static final int BITS = 446;
    private static final int WORDS = 14;
    /** A hash of RFC 8032 is the longest that is ever reduced. */
    private static final int MOST_BYTES = 114;

    private static final int WIDE_WORDS = 29; // enough for MOST_BYTES, and for a product
    private static final long WORD = 0xFFFFFFFFL;

    private static final int[] Q_WORDS = words(Q, WORDS);
    /** c = 2^446 mod q. */
    private static final int[] C_WORDS = words(BigInteger.ONE.shiftLeft(BITS).subtract(Q), 7);

    static final Scalar ZERO = new Scalar(new int[WORDS]);
    static final Scalar ONE = of(1);
    static final Scalar FOUR = of(4);
    /** The inverse of 4. */
    static final Scalar QUARTER = of(BigInteger.valueOf(4).modInverse(Q));

    /** Little-endian 32-bit words. */
    private final int[] words;

    private Scalar(int[] words) {
        this.words = words;
    }

    private static Scalar of(int small) {
        int[] words = new int[WORDS];
        words[0] = small;
        return new Scalar(words);
    }

    private static int[] words(BigInteger value, int length) {
        int[] words = new int[length];
        for (int i = 0; i < length; i++) {
            words[i] = value.shiftRight(32 * i).intValue();
        }
        return words;
    }

    /** Reads up to 114 bytes as a little-endian integer and reduces it mod q. */
    static Scalar fromLittleEndian(byte[] bytes) {
        if (bytes.length > MOST_BYTES) {
            throw new IllegalArgumentException("a scalar of " + bytes.length + " bytes, at most " + MOST_BYTES);
        }
        int[] wide = new int[WIDE_WORDS];
        for (int i = 0; i < bytes.length; i++) {
            wide[i / 4] |= (bytes[i] & 0xFF) << (8 * (i % 4));
        }
        return reduce(wide);
    }

    /** A constant that is not negative and below q. */
    static Scalar of(BigInteger value) {
        return new Scalar(words(value, WORDS));
    }

    static Scalar fromLittleEndian(Bytes bytes) {
        return fromLittleEndian(bytes.toByteArray());
    }

    /** A uniformly random scalar: 112 random bytes reduced, so that the bias is below 2^-448. */
    static Scalar random(SecureRandom random) {
        byte[] bytes = new byte[2 * BYTES];
        random.nextBytes(bytes);
        Scalar scalar = fromLittleEndian(bytes);
        Arrays.fill(bytes, (byte) 0);
        return scalar;
    }

    /** Little-endian, zero-padded to {@code length}, which is at least {@link #BYTES}. */
    byte[] toLittleEndian(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) (words[i / 4] >>> (8 * (i % 4)));
        }
        return bytes;
    }

    Scalar plus(Scalar other) {
        int[] sum = new int[WORDS];
        long carry = 0;
        for (int i = 0; i < WORDS; i++) {
            carry += (words[i] & WORD) + (other.words[i] & WORD);
            sum[i] = (int) carry;
            carry >>>= 32;
        }
        return new Scalar(subtractOnce(sum)); // both are below q < 2^446: no carry leaves the top word
    }

    Scalar negated() {
        int[] difference = new int[WORDS];
        long borrow = 0;
        for (int i = 0; i < WORDS; i++) {
            borrow += (Q_WORDS[i] & WORD) - (words[i] & WORD);
            difference[i] = (int) borrow;
            borrow >>= 32;
        }
        return new Scalar(subtractOnce(difference)); // q − 0 is q
    }

    Scalar minus(Scalar other) {
        return plus(other.negated());
    }

    Scalar times(Scalar other) {
        int[] product = new int[WIDE_WORDS];
        multiplyAdd(words, other.words, product);
        return reduce(product);
    }

    /** {@code mask} all ones: {@code ifSet}; zero: {@code otherwise}. */
    static Scalar select(int mask, Scalar ifSet, Scalar otherwise) {
        int[] selected = new int[WORDS];
        for (int i = 0; i < WORDS; i++) {
            selected[i] = (ifSet.words[i] & mask) | (otherwise.words[i] & ~mask);
        }
        return new Scalar(selected);
    }

    /** q itself, which no scalar is, zero-padded to {@code length}. */
    static byte[] orderLittleEndian(int length) {
        return new Scalar(Q_WORDS).toLittleEndian(length);
    }

    /** q itself in {@link #BYTES} bytes. */
    static byte[] orderBigEndian() {
        byte[] magnitude = Q.toByteArray();
        return Arrays.copyOfRange(magnitude, magnitude.length - BYTES, magnitude.length);
    }

    /** Public scalars only. */
    boolean isZero() {
        return Arrays.equals(words, ZERO.words);
    }

    /**
     * Public scalars only: digits d_i, each zero or odd and below 2^(width−1) in absolute value, with Σ d_i·2^i this
     * scalar; of {@code width} digits in a row at most one is not zero. As many digits as bits, and one.
     */
    byte[] wnaf(int width) {
        byte[] digits = new byte[bitLength() + 1];
        int carry = 0;
        for (int i = 0; i < digits.length; ) {
            if (bit(i) == carry) {
                i++;
                continue;
            }
            int digit = carry;
            for (int j = 0; j < width; j++) {
                digit += bit(i + j) << j;
            }
            carry = digit >>> (width - 1);
            digits[i] = (byte) (digit - (carry << width));
            i += width;
        }
        return digits;
    }

    private int bitLength() {
        int length = BITS;
        while (length > 0 && bit(length - 1) == 0) {
            length--;
        }
        return length;
    }

    /** Bit {@code index}, which may be beyond the last. */
    int bit(int index) {
        return index / 32 < WORDS ? (words[index / 32] >>> (index % 32)) & 1 : 0;
    }

    /** Another instance, which can be wiped without wiping this one. */
    Scalar copy() {
        return new Scalar(words.clone());
    }

    /** Overwrites a secret scalar with zero. */
    void wipe() {
        Arrays.fill(words, 0);
    }

    private static void multiplyAdd(int[] a, int[] b, int[] sum) {
        for (int i = 0; i < a.length; i++) {
            long carry = 0;
            for (int j = 0; j < b.length; j++) {
                carry += (a[i] & WORD) * (b[j] & WORD) + (sum[i + j] & WORD);
                sum[i + j] = (int) carry;
                carry >>>= 32;
            }
            for (int k = i + b.length; k < sum.length; k++) {
                carry += sum[k] & WORD;
                sum[k] = (int) carry;
                carry >>>= 32;
            }
        }
    }

    /**
     * Wipes {@code wide}. With x = h·2^446 + l, x is congruent to h·c + l: from 912 bits four such folds leave less than
     * 691, 470, 447 and at last 446 bits.
     */
    private static Scalar reduce(int[] wide) {
        int[] value = wide;
        for (int i = 0; i < 4; i++) {
            int[] folded = fold(value);
            Arrays.fill(value, 0);
            value = folded;
        }
        int[] words = subtractOnce(Arrays.copyOf(value, WORDS));
        Arrays.fill(value, 0);
        return new Scalar(words);
    }

    private static int[] fold(int[] value) {
        int[] high = new int[WORDS + 1];
        for (int i = 0; i < high.length; i++) {
            int above = i + WORDS < value.length ? value[i + WORDS] : 0;
            high[i] = (value[i + WORDS - 1] >>> 30) | (above << 2); // 446 = 13·32 + 30
        }
        int[] folded = new int[WIDE_WORDS];
        System.arraycopy(value, 0, folded, 0, WORDS);
        folded[WORDS - 1] &= 0x3FFFFFFF;
        multiplyAdd(high, C_WORDS, folded);
        Arrays.fill(high, 0);
        return folded;
    }

    /** Wipes {@code value}, which is below 2q, and returns it mod q. */
    private static int[] subtractOnce(int[] value) {
        int[] difference = new int[WORDS];
        long borrow = 0;
        for (int i = 0; i < WORDS; i++) {
            borrow += (value[i] & WORD) - (Q_WORDS[i] & WORD);
            difference[i] = (int) borrow;
            borrow >>= 32;
        }
        int negative = (int) borrow; // all ones when value < q
        for (int i = 0; i < WORDS; i++) {
            difference[i] = (value[i] & negative) | (difference[i] & ~negative);
        }
        Arrays.fill(value, 0);
        return difference;
    }

    /** Never the value, which may be secret. */
    @Override
    public String toString() {
        return "Scalar";
    }
}
