package prekeeper.crypto;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Multiplies public values mod p of {@link DhGroup}, in Montgomery's form. Not for more than one thread: it owns the memory
 * that a product needs.
 *
 * <p>A value is {@value #DIGITS} digits of {@value #DIGIT_BITS} bits, the least first, each from −2^22 to 2^22, a little more after
 * a product. They are {@code double}, which hold every sum here exactly (below 2^53), because the loops over digits then are
 * what the JVM's compiler turns into vector instructions on every processor; it has no such thing for the products of
 * {@code long}. All digits of one sum stand at one index, so a number that has to be shifted by some digits is kept
 * in that many copies.
 *
 * <p>p = −1 mod 2^64. Montgomery's factor thus is 1 and needs no multiplication, and as p + 1 has no digits below the third,
 * the quotient's digits come two at a time.
 */
final class ModP {
    static final int DIGIT_BITS = 23;

    private static final int RADIX = 1 << DIGIT_BITS;
    /** 3072 bits, one sign, and enough to make whole {@link #BLOCK}s. */
    static final int DIGITS = 136;

    /** Digits in the widest vector, and rows of a product before the sum moves down by as many digits. */
    private static final int BLOCK = 8;

    private static final int LENGTH = DIGITS + BLOCK;
    /**
     * Of the arrays behind a product: with a header of 16 bytes it fills cache lines of 64 bytes. Allocated at once they then lie
     * at the same distance from such a line, so that a loop aligned for one is aligned for all; it saves a sixth.
     */
    private static final int ALLOCATED = LENGTH + 6;

    /** Adding it to what is below 2^53 and subtracting it again rounds to a multiple of 2^23. */
    private static final double ROUND = 0x3p74;

    private static final double DOWN = 0x1p-23;

    /** Montgomery's R. */
    private static final BigInteger R = BigInteger.ONE.shiftLeft(DIGIT_BITS * DIGITS);

    private static final double[] R_SQUARED = digits(R.multiply(R).mod(DhGroup.P));
    private static final double[] ONE = digits(BigInteger.ONE);
    private static final double[] P_PLUS_1 = digits(DhGroup.P.add(BigInteger.ONE));

    private final double[] sum;
    private final double[] carry;
    private final double[][] shifted;
    private final double[][] pPlus1;

    ModP() {
        double[][] memory = new double[2 + 2 * BLOCK][ALLOCATED];
        sum = memory[0];
        carry = memory[1];
        shifted = Arrays.copyOfRange(memory, 2, 2 + BLOCK);
        pPlus1 = Arrays.copyOfRange(memory, 2 + BLOCK, 2 + 2 * BLOCK);
        shift(P_PLUS_1, pPlus1);
    }

    /** The form of {@code value}, from 0 to p − 1. */
    double[] of(BigInteger value) {
        double[] result = digits(value);
        multiply(result, R_SQUARED, result);
        return result;
    }

    /** What {@code value} is the form of, from 0 to p − 1. */
    BigInteger value(double[] value) {
        double[] plain = new double[DIGITS];
        multiply(value, ONE, plain);
        BigInteger result = BigInteger.ZERO;
        for (int i = DIGITS - 1; i >= 0; i--) {
            result = result.shiftLeft(DIGIT_BITS).add(BigInteger.valueOf((long) plain[i]));
        }
        return result.mod(DhGroup.P);
    }

    /**
     * Puts x·y/R mod p into {@code out}, which may be either of them.
     *
     * <p>Σ xi·y + qi·p over all digits, where qi makes the lowest digit zero, divided by R. With |x| and |y| below p it is
     * from −0.51·p to 0.51·p; its digits come out within 2^22 + 2^7, and no sum of them gets above 2^52.1.
     */
    void multiply(double[] x, double[] y, double[] out) {
        double[] sum = this.sum;
        shift(y, shifted);
        double y0 = y[0];
        double y1 = y[1];
        Arrays.fill(sum, 0);
        for (int i = 0; i < DIGITS; i += BLOCK) {
            for (int j = 0; j < BLOCK; j += 2) {
                double x0 = x[i + j];
                double x1 = x[i + j + 1];
                double low = sum[j] + x0 * y0;
                double rest = (low + ROUND) - ROUND; // low + q0·p = low − q0, above the third digit apart
                double q0 = low - rest;
                low = sum[j + 1] + x0 * y1 + x1 * y0 + rest * DOWN;
                rest = (low + ROUND) - ROUND;
                double q1 = low - rest;
                addRows(sum, x0, shifted[j], x1, shifted[j + 1], q0, pPlus1[j], q1, pPlus1[j + 1]);
                sum[j + 2] += rest * DOWN;
            }
            System.arraycopy(sum, BLOCK, sum, 0, DIGITS);
            Arrays.fill(sum, DIGITS, LENGTH, 0);
        }
        carry();
        carry();
        System.arraycopy(sum, 0, out, 0, DIGITS);
    }

    private static void addRows(
            double[] sum,
            double x0,
            double[] y0,
            double x1,
            double[] y1,
            double q0,
            double[] p0,
            double q1,
            double[] p1) {
        for (int i = 0; i < LENGTH; i++) {
            sum[i] += x0 * y0[i] + x1 * y1[i] + (q0 * p0[i] + q1 * p1[i]);
        }
    }

    /** Carries from each digit to the next only, which needs no order: from 2^53 twice is enough. */
    private void carry() {
        double[] sum = this.sum;
        double[] carry = this.carry;
        for (int i = 0; i < LENGTH; i++) {
            double rest = (sum[i] + ROUND) - ROUND;
            carry[i] = rest * DOWN;
            sum[i] -= rest;
        }
        System.arraycopy(carry, 0, carry, 1, DIGITS);
        carry[0] = 0;
        for (int i = 0; i < LENGTH; i++) {
            sum[i] += carry[i];
        }
    }

    private static void shift(double[] digits, double[][] copies) {
        for (int i = 0; i < BLOCK; i++) {
            System.arraycopy(digits, 0, copies[i], i, DIGITS);
        }
    }

    private static double[] digits(BigInteger value) {
        byte[] bytes = value.toByteArray();
        ByteBuffer padded = ByteBuffer.allocate(DIGITS * DIGIT_BITS / 8 + 4);
        padded.put(padded.capacity() - bytes.length, bytes);
        double[] digits = new double[DIGITS];
        int carry = 0;
        for (int i = 0; i < DIGITS; i++) {
            int bit = DIGIT_BITS * i;
            int digit = padded.getInt(padded.capacity() - 4 - bit / 8) >>> (bit % 8) & (RADIX - 1);
            digit += carry;
            carry = (digit + RADIX / 2) / RADIX;
            digits[i] = digit - carry * RADIX;
        }
        return digits;
    }
}
