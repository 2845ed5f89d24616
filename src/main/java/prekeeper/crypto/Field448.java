package prekeeper.crypto;

import java.math.BigInteger;
import java.util.function.BiConsumer;
import org.bouncycastle.math.ec.rfc7748.X448Field;
import org.bouncycastle.util.Arrays;

/**
 * The field of p = 2^448 − 2^224 − 1 elements (RFC 7748, 4.2), in place on arrays that the caller keeps: eight limbs of 56
 * bits, little-endian, not negative. Results may be written over arguments.
 *
 * <p>Constant-time but for what is named {@code Var}: no step depends on a value. Limbs are never negative, for where
 * {@link Math#multiplyHigh} is no machine instruction (in the interpreter), Java 17's tells signs apart by a branch.
 *
 * <p>Carries are lazy. Call a limb of at most k·(2^56 + 2^8) of size k: products, differences and what is decoded are of size 1, a
 * sum is of the size of its summands together. {@link #mul} takes factors below size 4 whose sizes multiplied give at
 * most 6, {@link #sub} takes anything up to size 3, all else takes up to size 2.
 */
final class Field448 {
    static final int LIMBS = 8;
    static final int BYTES = 56;

    private static final BigInteger P = BigInteger.ONE
            .shiftLeft(448)
            .subtract(BigInteger.ONE.shiftLeft(224))
            .subtract(BigInteger.ONE);

    private static final int LIMB_BITS = 56;
    private static final int LIMB_BYTES = 7;
    private static final long MASK = (1L << LIMB_BITS) - 1;
    private static final int HALF_LIMB_BITS = LIMB_BITS / 2;
    private static final int HALF_MASK = (1 << HALF_LIMB_BITS) - 1;

    private Field448() {}

    static long[] of(int small) {
        long[] value = new long[LIMBS];
        value[0] = small;
        return value;
    }

    static void add(long[] x, long[] y, long[] z) {
        for (int i = 0; i < LIMBS; i++) {
            z[i] = x[i] + y[i];
        }
    }

    /** z = x − y, with 4·p added so that no limb turns negative. */
    static void sub(long[] x, long[] y, long[] z) {
        reduce(
                z,
                x[0] - y[0] + 4 * MASK,
                x[1] - y[1] + 4 * MASK,
                x[2] - y[2] + 4 * MASK,
                x[3] - y[3] + 4 * MASK,
                x[4] - y[4] + 4 * (MASK - 1),
                x[5] - y[5] + 4 * MASK,
                x[6] - y[6] + 4 * MASK,
                x[7] - y[7] + 4 * MASK);
    }

    /** Each limb's carry goes into the next, that of the top into limbs 0 and 4, for 2^448 = 2^224 + 1. */
    private static void reduce(long[] z, long w0, long w1, long w2, long w3, long w4, long w5, long w6, long w7) {
        long top = w7 >> LIMB_BITS;
        z[0] = (w0 & MASK) + top;
        z[1] = (w1 & MASK) + (w0 >> LIMB_BITS);
        z[2] = (w2 & MASK) + (w1 >> LIMB_BITS);
        z[3] = (w3 & MASK) + (w2 >> LIMB_BITS);
        z[4] = (w4 & MASK) + (w3 >> LIMB_BITS) + top;
        z[5] = (w5 & MASK) + (w4 >> LIMB_BITS);
        z[6] = (w6 & MASK) + (w5 >> LIMB_BITS);
        z[7] = (w7 & MASK) + (w6 >> LIMB_BITS);
    }

    /** The product of two limbs without its low 56 bits. */
    private static long high(long a, long b) {
        return Math.multiplyHigh(a << 4, b << 4);
    }

    /**
     * Σ a·b without its low 56 bits, of {@code low} = Σ a·b mod 2^64 and {@code high} = Σ high(a, b) of at most 20 terms: the
     * low parts add less than 2^7 to the latter in either direction, and bits 56 to 63 of the former tell how much.
     */
    private static long carry(long low, long high) {
        return high + (byte) ((low >>> LIMB_BITS) - high);
    }

    /**
     * Karatsuba's method for p (Hamburg, "Ed448-Goldilocks, a new elliptic curve"): with φ = 2^224, so φ² = φ + 1, and f, g, h
     * the products of the low halves, of the high halves and of the sums of halves, x·y = f + g + (h − f)·φ.
     */
    static void mul(long[] x, long[] y, long[] z) {
        long x0 = x[0];
        long x1 = x[1];
        long x2 = x[2];
        long x3 = x[3];
        long x4 = x[4];
        long x5 = x[5];
        long x6 = x[6];
        long x7 = x[7];
        long y0 = y[0];
        long y1 = y[1];
        long y2 = y[2];
        long y3 = y[3];
        long y4 = y[4];
        long y5 = y[5];
        long y6 = y[6];
        long y7 = y[7];
        long s0 = x0 + x4;
        long s1 = x1 + x5;
        long s2 = x2 + x6;
        long s3 = x3 + x7;
        long t0 = y0 + y4;
        long t1 = y1 + y5;
        long t2 = y2 + y6;
        long t3 = y3 + y7;
        long f0 = x0 * y0;
        long ff0 = high(x0, y0);
        long f1 = x0 * y1 + x1 * y0;
        long ff1 = high(x0, y1) + high(x1, y0);
        long f2 = x0 * y2 + x1 * y1 + x2 * y0;
        long ff2 = high(x0, y2) + high(x1, y1) + high(x2, y0);
        long f3 = x0 * y3 + x1 * y2 + x2 * y1 + x3 * y0;
        long ff3 = high(x0, y3) + high(x1, y2) + high(x2, y1) + high(x3, y0);
        long f4 = x1 * y3 + x2 * y2 + x3 * y1;
        long ff4 = high(x1, y3) + high(x2, y2) + high(x3, y1);
        long f5 = x2 * y3 + x3 * y2;
        long ff5 = high(x2, y3) + high(x3, y2);
        long f6 = x3 * y3;
        long ff6 = high(x3, y3);
        long g0 = x4 * y4;
        long gg0 = high(x4, y4);
        long g1 = x4 * y5 + x5 * y4;
        long gg1 = high(x4, y5) + high(x5, y4);
        long g2 = x4 * y6 + x5 * y5 + x6 * y4;
        long gg2 = high(x4, y6) + high(x5, y5) + high(x6, y4);
        long g3 = x4 * y7 + x5 * y6 + x6 * y5 + x7 * y4;
        long gg3 = high(x4, y7) + high(x5, y6) + high(x6, y5) + high(x7, y4);
        long g4 = x5 * y7 + x6 * y6 + x7 * y5;
        long gg4 = high(x5, y7) + high(x6, y6) + high(x7, y5);
        long g5 = x6 * y7 + x7 * y6;
        long gg5 = high(x6, y7) + high(x7, y6);
        long g6 = x7 * y7;
        long gg6 = high(x7, y7);
        long h0 = s0 * t0;
        long hh0 = high(s0, t0);
        long h1 = s0 * t1 + s1 * t0;
        long hh1 = high(s0, t1) + high(s1, t0);
        long h2 = s0 * t2 + s1 * t1 + s2 * t0;
        long hh2 = high(s0, t2) + high(s1, t1) + high(s2, t0);
        long h3 = s0 * t3 + s1 * t2 + s2 * t1 + s3 * t0;
        long hh3 = high(s0, t3) + high(s1, t2) + high(s2, t1) + high(s3, t0);
        long h4 = s1 * t3 + s2 * t2 + s3 * t1;
        long hh4 = high(s1, t3) + high(s2, t2) + high(s3, t1);
        long h5 = s2 * t3 + s3 * t2;
        long hh5 = high(s2, t3) + high(s3, t2);
        long h6 = s3 * t3;
        long hh6 = high(s3, t3);
        long v0 = f0 + g0 + h4 - f4;
        long c0 = carry(v0, ff0 + gg0 + hh4 - ff4);
        long v1 = f1 + g1 + h5 - f5;
        long c1 = carry(v1, ff1 + gg1 + hh5 - ff5);
        long v2 = f2 + g2 + h6 - f6;
        long c2 = carry(v2, ff2 + gg2 + hh6 - ff6);
        long v3 = f3 + g3;
        long c3 = carry(v3, ff3 + gg3);
        long v4 = h0 - f0 + g4 + h4;
        long c4 = carry(v4, hh0 - ff0 + gg4 + hh4);
        long v5 = h1 - f1 + g5 + h5;
        long c5 = carry(v5, hh1 - ff1 + gg5 + hh5);
        long v6 = h2 - f2 + g6 + h6;
        long c6 = carry(v6, hh2 - ff2 + gg6 + hh6);
        long v7 = h3 - f3;
        long c7 = carry(v7, hh3 - ff3);
        reduce(
                z,
                (v0 & MASK) + c7,
                (v1 & MASK) + c0,
                (v2 & MASK) + c1,
                (v3 & MASK) + c2,
                (v4 & MASK) + c3 + c7,
                (v5 & MASK) + c4,
                (v6 & MASK) + c5,
                (v7 & MASK) + c6);
    }

    /** {@link #mul} of {@code x} and itself. */
    static void sqr(long[] x, long[] z) {
        long x0 = x[0];
        long x1 = x[1];
        long x2 = x[2];
        long x3 = x[3];
        long x4 = x[4];
        long x5 = x[5];
        long x6 = x[6];
        long x7 = x[7];
        long s0 = x0 + x4;
        long s1 = x1 + x5;
        long s2 = x2 + x6;
        long s3 = x3 + x7;
        long f0 = x0 * x0;
        long ff0 = high(x0, x0);
        long f1 = 2 * x0 * x1;
        long ff1 = 2 * high(x0, x1);
        long f2 = 2 * x0 * x2 + x1 * x1;
        long ff2 = 2 * high(x0, x2) + high(x1, x1);
        long f3 = 2 * (x0 * x3 + x1 * x2);
        long ff3 = 2 * (high(x0, x3) + high(x1, x2));
        long f4 = 2 * x1 * x3 + x2 * x2;
        long ff4 = 2 * high(x1, x3) + high(x2, x2);
        long f5 = 2 * x2 * x3;
        long ff5 = 2 * high(x2, x3);
        long f6 = x3 * x3;
        long ff6 = high(x3, x3);
        long g0 = x4 * x4;
        long gg0 = high(x4, x4);
        long g1 = 2 * x4 * x5;
        long gg1 = 2 * high(x4, x5);
        long g2 = 2 * x4 * x6 + x5 * x5;
        long gg2 = 2 * high(x4, x6) + high(x5, x5);
        long g3 = 2 * (x4 * x7 + x5 * x6);
        long gg3 = 2 * (high(x4, x7) + high(x5, x6));
        long g4 = 2 * x5 * x7 + x6 * x6;
        long gg4 = 2 * high(x5, x7) + high(x6, x6);
        long g5 = 2 * x6 * x7;
        long gg5 = 2 * high(x6, x7);
        long g6 = x7 * x7;
        long gg6 = high(x7, x7);
        long h0 = s0 * s0;
        long hh0 = high(s0, s0);
        long h1 = 2 * s0 * s1;
        long hh1 = 2 * high(s0, s1);
        long h2 = 2 * s0 * s2 + s1 * s1;
        long hh2 = 2 * high(s0, s2) + high(s1, s1);
        long h3 = 2 * (s0 * s3 + s1 * s2);
        long hh3 = 2 * (high(s0, s3) + high(s1, s2));
        long h4 = 2 * s1 * s3 + s2 * s2;
        long hh4 = 2 * high(s1, s3) + high(s2, s2);
        long h5 = 2 * s2 * s3;
        long hh5 = 2 * high(s2, s3);
        long h6 = s3 * s3;
        long hh6 = high(s3, s3);
        long v0 = f0 + g0 + h4 - f4;
        long c0 = carry(v0, ff0 + gg0 + hh4 - ff4);
        long v1 = f1 + g1 + h5 - f5;
        long c1 = carry(v1, ff1 + gg1 + hh5 - ff5);
        long v2 = f2 + g2 + h6 - f6;
        long c2 = carry(v2, ff2 + gg2 + hh6 - ff6);
        long v3 = f3 + g3;
        long c3 = carry(v3, ff3 + gg3);
        long v4 = h0 - f0 + g4 + h4;
        long c4 = carry(v4, hh0 - ff0 + gg4 + hh4);
        long v5 = h1 - f1 + g5 + h5;
        long c5 = carry(v5, hh1 - ff1 + gg5 + hh5);
        long v6 = h2 - f2 + g6 + h6;
        long c6 = carry(v6, hh2 - ff2 + gg6 + hh6);
        long v7 = h3 - f3;
        long c7 = carry(v7, hh3 - ff3);
        reduce(
                z,
                (v0 & MASK) + c7,
                (v1 & MASK) + c0,
                (v2 & MASK) + c1,
                (v3 & MASK) + c2,
                (v4 & MASK) + c3 + c7,
                (v5 & MASK) + c4,
                (v6 & MASK) + c5,
                (v7 & MASK) + c6);
    }

    /** z = x^(2^n), n at least 1. */
    private static void sqr(long[] x, int n, long[] z) {
        sqr(x, z);
        for (int i = 1; i < n; i++) {
            sqr(z, z);
        }
    }

    /** x^(2^(m + n) − 1) of x^(2^m − 1) and x^(2^n − 1). */
    private static long[] ones(long[] xm, long[] xn, int n) {
        long[] power = new long[LIMBS];
        sqr(xm, n, power);
        mul(power, xn, power);
        return power;
    }

    /** x^((p − 3)/4) = x^(2^446 − 2^222 − 1): 223 ones, a zero and 222 ones in binary. */
    private static long[] power(long[] x) {
        long[] x2 = ones(x, x, 1);
        long[] x3 = ones(x2, x, 1);
        long[] x6 = ones(x3, x3, 3);
        long[] x12 = ones(x6, x6, 6);
        long[] x18 = ones(x12, x6, 6);
        long[] x36 = ones(x18, x18, 18);
        long[] x37 = ones(x36, x, 1);
        long[] x74 = ones(x37, x37, 37);
        long[] x111 = ones(x74, x37, 37);
        long[] x222 = ones(x111, x111, 111);
        long[] x223 = ones(x222, x, 1);
        return ones(x223, x222, 223);
    }

    /** z = 1/x, and 0 for 0, by Bouncy Castle's division steps, which take a third of the time of a power. */
    static void inv(long[] x, long[] z) {
        inv(x, z, X448Field::inv);
    }

    /** The same of an x that is public. */
    static void invVar(long[] x, long[] z) {
        inv(x, z, X448Field::invVar);
    }

    private static void inv(long[] x, long[] z, BiConsumer<int[], int[]> division) {
        long[] value = canonical(x);
        int[] theirs = X448Field.create(); // sixteen limbs of 28 bits
        for (int i = 0; i < LIMBS; i++) {
            theirs[2 * i] = (int) value[i] & HALF_MASK;
            theirs[2 * i + 1] = (int) (value[i] >>> HALF_LIMB_BITS);
        }
        division.accept(theirs, theirs);
        byte[] bytes = new byte[BYTES];
        X448Field.encode(theirs, bytes);
        System.arraycopy(decode(bytes), 0, z, 0, LIMBS);
    }

    /** Whether u/v, v ≠ 0, is a square; then z is one of its roots: u³·v·(u⁵·v³)^((p − 3)/4) (RFC 8032, 5.2.3). */
    static boolean sqrtRatioVar(long[] u, long[] v, long[] z) {
        long[] u3v = new long[LIMBS];
        long[] u5v3 = new long[LIMBS];
        sqr(u, u5v3);
        mul(u, v, u3v);
        mul(u3v, u5v3, u3v);
        mul(u3v, u5v3, u5v3);
        mul(u5v3, v, u5v3);
        mul(u5v3, v, u5v3);
        long[] root = power(u5v3);
        mul(root, u3v, root);
        long[] difference = new long[LIMBS];
        sqr(root, difference);
        mul(difference, v, difference);
        sub(difference, u, difference);
        System.arraycopy(root, 0, z, 0, LIMBS);
        return isZero(difference);
    }

    static boolean isSquareVar(long[] x) {
        byte[] bytes = new byte[BYTES];
        encode(x, bytes);
        return Jacobi.symbol(new BigInteger(1, Arrays.reverse(bytes)), P) >= 0;
    }

    static boolean isZero(long[] x) {
        long bits = 0;
        for (long limb : canonical(x)) {
            bits |= limb;
        }
        return bits == 0;
    }

    /** Whether the least residue that is not negative is odd. */
    static boolean isOdd(long[] x) {
        return (canonical(x)[0] & 1) != 0;
    }

    /** {@code mask} all ones: {@code ifSet}; zero: {@code otherwise}; arrays of any one length. */
    static long[] select(long mask, long[] ifSet, long[] otherwise) {
        long[] selected = new long[ifSet.length];
        for (int i = 0; i < selected.length; i++) {
            selected[i] = (ifSet[i] & mask) | (otherwise[i] & ~mask);
        }
        return selected;
    }

    /** Reads 56 bytes, little-endian; what is not below p is taken mod p. */
    static long[] decode(byte[] bytes) {
        long[] value = new long[LIMBS];
        for (int i = 0; i < BYTES; i++) {
            value[i / LIMB_BYTES] |= (bytes[i] & 0xFFL) << (8 * (i % LIMB_BYTES));
        }
        return value;
    }

    /** Writes the least residue that is not negative into the first 56 bytes, little-endian. */
    static void encode(long[] x, byte[] bytes) {
        long[] value = canonical(x);
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) (value[i / LIMB_BYTES] >>> (8 * (i % LIMB_BYTES)));
        }
    }

    /** The least residue that is not negative, x of a size up to 4. */
    private static long[] canonical(long[] x) {
        long[] value = x.clone();
        // The first fold leaves limbs 0 and 4 up to 8 too large; if another comes out of the second, little is left of
        // the
        // rest, so that nothing comes out of the third.
        for (int i = 0; i < 3; i++) {
            long top = propagate(value);
            value[0] += top;
            value[4] += top;
        }
        long[] minusP = value.clone(); // plus 2^448
        minusP[0]++;
        minusP[4]++;
        long isNotBelowP = -propagate(minusP);
        for (int i = 0; i < LIMBS; i++) {
            value[i] = (minusP[i] & isNotBelowP) | (value[i] & ~isNotBelowP);
        }
        return value;
    }

    /** Leaves 56 bits in each limb and returns what is above the top one. */
    private static long propagate(long[] value) {
        long carry = 0;
        for (int i = 0; i < LIMBS; i++) {
            carry += value[i];
            value[i] = carry & MASK;
            carry >>= LIMB_BITS;
        }
        return carry;
    }
}
