package prekeeper.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The laws of arithmetic modulo p, against {@link BigInteger}, with limbs as large as they may be. */
class Field448Test {
    private static final BigInteger P = BigInteger.ONE
            .shiftLeft(448)
            .subtract(BigInteger.ONE.shiftLeft(224))
            .subtract(BigInteger.ONE);
    /** The largest limb of size 1. */
    private static final long LIMB = (1L << 56) + (1 << 8);

    private final Random random = new Random(11);

    @Test
    void productsSumsAndDifferencesAreThoseOfBigInteger() {
        List<long[]> values = values(60);
        for (long[] x : values) {
            for (long[] y : values) {
                assertIs(value(x).add(value(y)), sum(x, y));
                assertIs(value(x).multiply(value(y)), product(x, y));
                long[] difference = new long[Field448.LIMBS];
                Field448.sub(x, y, difference);
                assertIs(value(x).subtract(value(y)), difference);
            }
            long[] square = new long[Field448.LIMBS];
            Field448.sqr(x, square);
            assertIs(value(x).pow(2), square);
        }
    }

    @Test
    void aResultMayTakeThePlaceOfAnArgument() {
        for (long[] x : values(20)) {
            long[] changed = x.clone();
            Field448.mul(changed, changed, changed);
            assertIs(value(x).pow(2), changed);
            Field448.sqr(changed, changed);
            assertIs(value(x).pow(4), changed);
            Field448.sub(x, changed, changed);
            assertIs(value(x).subtract(value(x).pow(4)), changed);
        }
    }

    /** Sizes 2 and 3, 6 and hardly any more: the most that {@link Field448#mul} takes. */
    @Test
    void factorsMayBeSumsAndStillGiveReducedProducts() {
        for (int i = 0; i < 1000; i++) {
            long[] x = i == 0 ? limbs(2 * LIMB) : randomLimbs(2 * LIMB);
            long[] y = i == 0 ? limbs(3 * LIMB) : randomLimbs(3 * LIMB);
            assertReduced(value(x).multiply(value(y)), product(x, y));
            long[] square = new long[Field448.LIMBS];
            Field448.sqr(x, square);
            assertReduced(value(x).pow(2), square);
            long[] difference = new long[Field448.LIMBS];
            Field448.sub(x, y, difference);
            assertReduced(value(x).subtract(value(y)), difference);
        }
    }

    @Test
    void inversesAndRootsAreThoseOfBigInteger() {
        for (long[] x : values(1000)) {
            long[] inverse = new long[Field448.LIMBS];
            Field448.inv(x, inverse);
            long[] inverseVar = new long[Field448.LIMBS];
            Field448.invVar(x, inverseVar);
            assertArrayEquals(inverse, inverseVar);
            boolean isZero = value(x).mod(P).signum() == 0;
            assertIs(isZero ? BigInteger.ZERO : value(x).modInverse(P), inverse);
            assertEquals(isZero, Field448.isZero(x));

            BigInteger symbol = value(x).modPow(P.shiftRight(1), P);
            assertEquals(!symbol.equals(P.subtract(BigInteger.ONE)), Field448.isSquareVar(x));
            long[] v = randomLimbs(LIMB);
            long[] root = new long[Field448.LIMBS];
            assertTrue(Field448.sqrtRatioVar(product(product(x, x), v), v, root));
            assertIs(value(x).pow(2), product(root, root));
            assertEquals(Field448.isSquareVar(product(x, v)), Field448.sqrtRatioVar(x, v, root));
        }
    }

    @Test
    void whatIsEncodedIsTheLeastResidue() {
        for (long[] x : values(1000)) {
            byte[] encoded = new byte[Field448.BYTES];
            Field448.encode(x, encoded);
            assertEquals(Bytes.of(ScalarTest.littleEndian(value(x).mod(P), Field448.BYTES)), Bytes.of(encoded));
            assertIs(value(x), Field448.decode(encoded));
            assertEquals(value(x).mod(P).testBit(0), Field448.isOdd(x));
        }
        for (int i = -3; i <= 3; i++) {
            BigInteger nearP = P.add(BigInteger.valueOf(i));
            byte[] encoded = ScalarTest.littleEndian(nearP, Field448.BYTES);
            assertIs(nearP, Field448.decode(encoded));
        }
    }

    private static void assertIs(BigInteger expected, long[] actual) {
        byte[] encoded = new byte[Field448.BYTES];
        Field448.encode(actual, encoded);
        assertEquals(Bytes.of(ScalarTest.littleEndian(expected.mod(P), Field448.BYTES)), Bytes.of(encoded));
    }

    private static void assertReduced(BigInteger expected, long[] actual) {
        assertIs(expected, actual);
        for (long limb : actual) {
            assertTrue(limb >= 0 && limb <= LIMB, "a limb of size 1");
        }
    }

    /** 0, 1, p − 1, p, p + 1, 2^448 − 1, single limbs, the largest limbs, and {@code count} random ones. */
    private List<long[]> values(int count) {
        List<long[]> values = new ArrayList<>();
        for (int i = -2; i <= 2; i++) {
            values.add(Field448.decode(ScalarTest.littleEndian(P.add(BigInteger.valueOf(i)), Field448.BYTES)));
        }
        values.add(Field448.of(0));
        values.add(Field448.of(1));
        values.add(limbs((1L << 56) - 1));
        values.add(limbs(LIMB));
        for (int i = 0; i < Field448.LIMBS; i++) {
            long[] single = new long[Field448.LIMBS];
            single[i] = LIMB;
            values.add(single);
        }
        for (int i = 0; i < count; i++) {
            values.add(randomLimbs(LIMB));
        }
        return values;
    }

    private long[] randomLimbs(long most) {
        return random.longs(Field448.LIMBS, 0, most + 1).toArray();
    }

    private static long[] limbs(long limb) {
        long[] value = new long[Field448.LIMBS];
        java.util.Arrays.fill(value, limb);
        return value;
    }

    private static BigInteger value(long[] limbs) {
        BigInteger value = BigInteger.ZERO;
        for (int i = limbs.length - 1; i >= 0; i--) {
            value = value.shiftLeft(56).add(BigInteger.valueOf(limbs[i]));
        }
        return value;
    }

    private static long[] sum(long[] x, long[] y) {
        long[] sum = new long[Field448.LIMBS];
        Field448.add(x, y, sum);
        return sum;
    }

    private static long[] product(long[] x, long[] y) {
        long[] product = new long[Field448.LIMBS];
        Field448.mul(x, y, product);
        return product;
    }
}
