package prekeeper.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast paths of the group against Euler's criterion and {@link BigInteger}. */
class DhGroupTest {
    private static final BigInteger P = DhGroup.P;
    private static final BigInteger ZERO = BigInteger.ZERO;
    private static final BigInteger ONE = BigInteger.ONE;
    private static final BigInteger TWO = BigInteger.TWO;

    private final Random random = new Random(7);

    @Test
    void pIsASafePrime() {
        assertTrue(P.isProbablePrime(8) && DhGroup.Q.isProbablePrime(8));
        assertEquals(P, DhGroup.Q.shiftLeft(1).add(ONE));
    }

    @Test
    void valuesAreValidFrom2ToPMinus2AndOnlyInTheSubgroup() {
        for (BigInteger outside : List.of(
                ZERO,
                ONE,
                ONE.negate(),
                TWO.negate(),
                P.subtract(ONE),
                P,
                P.add(ONE),
                P.add(TWO.pow(2)),
                P.shiftLeft(1))) {
            assertFalse(DhGroup.isValid(outside));
        }
        for (BigInteger value : edges()) {
            boolean inSubgroup = value.modPow(DhGroup.Q, P).equals(ONE);
            assertEquals(inSubgroup && !value.equals(ONE), DhGroup.isValid(value));
        }
    }

    @Test
    void squaresAreValidAndTheirNegativesAreNot() {
        for (int i = 0; i < 1000; i++) {
            BigInteger square = random(2 + random.nextInt(3070)).setBit(1).modPow(TWO, P);
            assertTrue(DhGroup.isValid(square));
            assertFalse(DhGroup.isValid(P.subtract(square)), "-1 is no square mod p");
        }
    }

    @Test
    void theJacobiSymbolIsEulersCriterion() {
        for (int n = 3; n < 300; n += 2) {
            BigInteger prime = BigInteger.valueOf(n);
            for (int x = 0; prime.isProbablePrime(20) && x < 3 * n; x++) {
                assertEquals(euler(BigInteger.valueOf(x), prime), Jacobi.symbol(BigInteger.valueOf(x), prime));
            }
        }
        for (int bits : new int[] {62, 63, 64, 65, 66, 95, 96, 97, 128, 160, 250}) { // around the borders of words
            BigInteger prime = BigInteger.probablePrime(bits, random);
            BigInteger half = prime.shiftRight(1);
            for (int i = 0; i < 100; i++) {
                BigInteger step = BigInteger.valueOf(i);
                for (BigInteger x : List.of(
                        step,
                        random(bits),
                        random(bits + 40),
                        prime.subtract(step).abs(),
                        prime.add(step),
                        half.subtract(step))) {
                    assertEquals(euler(x, prime), Jacobi.symbol(x, prime), () -> x + " mod " + prime);
                }
            }
        }
    }

    @Test
    void theJacobiSymbolIsMultiplicativeAndZeroForCommonFactors() {
        for (int i = 0; i < 1000; i++) {
            BigInteger m = random(1 + random.nextInt(300)).setBit(0).add(TWO);
            BigInteger n = random(1 + random.nextInt(300)).setBit(0).add(TWO);
            BigInteger x = random(random.nextInt(600));
            assertEquals(Jacobi.symbol(x, m) * Jacobi.symbol(x, n), Jacobi.symbol(x, m.multiply(n)));
            assertEquals(0, Jacobi.symbol(x.multiply(m), m.multiply(n)));
        }
    }

    @Test
    void productsAreThoseOfBigInteger() {
        ModP modP = new ModP();
        List<BigInteger> values = edges();
        double[] out = new double[ModP.DIGITS];
        for (int i = 0; i < 1000; i++) {
            BigInteger x = values.get(i % values.size());
            BigInteger y = values.get(random.nextInt(values.size()));
            modP.multiply(modP.of(x), modP.of(y), out);
            assertEquals(x.multiply(y).mod(P), modP.value(out));
        }
    }

    @Test
    void productsOfProductsNeverDrift() {
        ModP modP = new ModP();
        BigInteger x = P.subtract(ONE);
        BigInteger y = P.subtract(TWO);
        double[] formOfX = modP.of(x);
        double[] formOfY = modP.of(y);
        for (int i = 0; i < 1000; i++) {
            x = x.multiply(y).mod(P);
            y = y.multiply(y).mod(P);
            modP.multiply(formOfX, formOfY, formOfX);
            modP.multiply(formOfY, formOfY, formOfY);
        }
        assertEquals(x, modP.value(formOfX));
        assertEquals(y, modP.value(formOfY));
    }

    /** Every sum is as large as its bound: one that a double rounded would show. */
    @Test
    void productsOfTheLargestDigitsAreExact() {
        ModP modP = new ModP();
        for (int sign : new int[] {1, -1}) {
            double[] x = new double[ModP.DIGITS];
            Arrays.fill(x, 0, 133, 0x1p22 + 0x1p7);
            double[] y = Arrays.stream(x).map(digit -> sign * digit).toArray();
            BigInteger expected = modP.value(x).multiply(modP.value(y)).mod(P);
            modP.multiply(x, y, x);
            assertEquals(expected, modP.value(x));
        }
    }

    @Test
    void manySmallPowersAtOnceGiveWhatTheyGiveOneByOne() {
        for (int i = 0; i < 1000; i++) {
            assertPowers(random.nextInt(10), () -> random(random.nextInt(10)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 7, 8, 15, 40})
    void manyLargePowersAtOnceGiveWhatTheyGiveOneByOne(int count) {
        assertPowers(count, () -> random(352));
        assertPowers(count, () -> ONE.shiftLeft(352).subtract(ONE));
        assertPowers(count, () -> ONE.shiftLeft(random.nextInt(352)));
    }

    @Test
    void thePowersQAndQMinus1AreThoseOfFermat() {
        BigInteger q = DhGroup.Q;
        BigInteger x = new BigInteger(3071, random);
        BigInteger symbol = x.modPow(q, P);
        assertEquals(symbol, DhGroup.multiPower(List.of(x), List.of(q)));
        assertEquals(symbol, DhGroup.multiPower(List.of(x, x), List.of(q.subtract(ONE), ONE)), "one base twice");
        assertEquals(ZERO, DhGroup.multiPower(List.of(x, ZERO), List.of(ONE, TWO)));
        assertEquals(ONE, DhGroup.multiPower(List.of(), List.of()));
        assertEquals(ONE, DhGroup.multiPower(List.of(x, ZERO), List.of(ZERO, ZERO)));
    }

    private void assertPowers(int count, Supplier<BigInteger> exponent) {
        List<BigInteger> edges = edges();
        List<BigInteger> bases = new ArrayList<>();
        List<BigInteger> exponents = new ArrayList<>();
        BigInteger expected = ONE;
        for (int i = 0; i < count; i++) {
            bases.add(edges.get(random.nextInt(edges.size())));
            exponents.add(exponent.get());
            expected =
                    expected.multiply(bases.get(i).modPow(exponents.get(i), P)).mod(P);
        }
        assertEquals(expected, DhGroup.multiPower(bases, exponents));
    }

    /** Values from 1 to p − 1, half of them random. */
    private List<BigInteger> edges() {
        List<BigInteger> values = new ArrayList<>();
        for (BigInteger near : List.of(
                TWO,
                DhGroup.Q,
                P.subtract(TWO),
                P.divide(BigInteger.valueOf(3)),
                ONE.shiftLeft(1536),
                ONE.shiftLeft(3008),
                ONE.shiftLeft(3071))) {
            Stream.of(-1, 0, 1).map(BigInteger::valueOf).map(near::add).forEach(values::add);
        }
        for (int bits = 10; bits < 3072; bits += 150) {
            values.add(ONE.shiftLeft(bits).subtract(ONE));
            values.add(P.subtract(ONE.shiftLeft(bits)));
            values.add(random(bits).add(ONE));
            values.add(random(3071).setBit(3071).subtract(ONE.shiftLeft(3008)));
            values.add(random(3071).add(ONE));
        }
        return values;
    }

    private BigInteger random(int bits) {
        return new BigInteger(bits, random);
    }

    private static int euler(BigInteger x, BigInteger prime) {
        BigInteger power = x.modPow(prime.shiftRight(1), prime);
        return power.bitLength() > 1 ? -1 : power.signum(); // 0, 1 or p - 1, which for 3 is 2
    }
}
