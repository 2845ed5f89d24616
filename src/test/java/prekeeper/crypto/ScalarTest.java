package prekeeper.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The laws of arithmetic modulo q, against {@link BigInteger}. */
class ScalarTest {
    private static final BigInteger Q = Scalar.Q;

    @Test
    void theOrderIsThatOfRfc8032() {
        assertEquals(
                new BigInteger(
                        "181709681073901722637330951972001133588410340171829515070372549795146003961539585716195755291692375963310293709091662304773755859649779"),
                Q);
    }

    @Test
    void everyLengthUpTo114BytesIsReducedModuloQ() {
        Random random = new Random(1);
        for (int length = 0; length <= 114; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertEquals(littleEndian(bytes).mod(Q), value(Scalar.fromLittleEndian(bytes)));
            Arrays.fill(bytes, (byte) 0xFF);
            assertEquals(littleEndian(bytes).mod(Q), value(Scalar.fromLittleEndian(bytes)));
        }
        assertThrows(IllegalArgumentException.class, () -> Scalar.fromLittleEndian(new byte[115]));
    }

    @Test
    void multiplesOfQAndTheirNeighboursAreReduced() {
        for (int factor = 0; factor < 2000; factor++) {
            for (int distance = -2; distance <= 2; distance++) {
                BigInteger wide = Q.multiply(BigInteger.valueOf(factor)).add(BigInteger.valueOf(distance));
                if (wide.signum() >= 0) {
                    assertEquals(wide.mod(Q), value(Scalar.fromLittleEndian(littleEndian(wide, 112))));
                }
            }
        }
    }

    @Test
    void sumsDifferencesAndProductsAreThoseOfBigInteger() {
        List<BigInteger> values = weightedToTheEdges();
        for (BigInteger a : values) {
            for (BigInteger b : values) {
                assertEquals(a.add(b).mod(Q), value(scalar(a).plus(scalar(b))));
                assertEquals(a.subtract(b).mod(Q), value(scalar(a).minus(scalar(b))));
                assertEquals(a.multiply(b).mod(Q), value(scalar(a).times(scalar(b))));
            }
            assertEquals(a.negate().mod(Q), value(scalar(a).negated()));
            assertEquals(a, value(scalar(a).times(Scalar.FOUR).times(Scalar.QUARTER)));
        }
    }

    @Test
    void nonAdjacentDigitsAddUpToTheScalar() {
        for (BigInteger a : weightedToTheEdges()) {
            byte[] digits = scalar(a).wnaf(5);
            BigInteger sum = BigInteger.ZERO;
            int zerosSince = 4;
            for (int i = digits.length - 1; i >= 0; i--) {
                sum = sum.shiftLeft(1).add(BigInteger.valueOf(digits[i]));
                if (digits[i] != 0) {
                    assertEquals(1, digits[i] & 1, "digits are odd");
                    assertEquals(4, Math.min(4, zerosSince), "four zeros between digits");
                    zerosSince = 0;
                } else {
                    zerosSince++;
                }
            }
            assertEquals(a, sum);
        }
    }

    @Test
    void theOrderIsEncodedInBothByteOrders() {
        assertEquals(Q, littleEndian(Scalar.orderLittleEndian(57)));
        assertEquals(Q, new BigInteger(1, Scalar.orderBigEndian()));
        assertEquals(56, Scalar.orderBigEndian().length);
    }

    @Test
    void aScalarDoesNotPrintItself() {
        Scalar secret = scalar(BigInteger.valueOf(123456789));
        assertFalse(secret.toString().contains("123456789"));
        assertFalse(secret.toString().contains("75bcd15"));
    }

    static List<BigInteger> weightedToTheEdges() {
        Random random = new Random(2);
        List<BigInteger> values = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            values.add(BigInteger.valueOf(i));
            values.add(Q.subtract(BigInteger.valueOf(i + 1)));
        }
        for (int bit : new int[] {31, 32, 64, 223, 224, 225, 444, 445}) {
            values.add(BigInteger.ONE.shiftLeft(bit));
            values.add(BigInteger.ONE.shiftLeft(bit).subtract(BigInteger.ONE));
        }
        for (int ones : new int[] {100, 220, 300}) {
            values.add(BigInteger.ONE.shiftLeft(ones).subtract(BigInteger.ONE).shiftLeft(445 - ones));
        }
        for (int i = 0; i < 20; i++) {
            values.add(new BigInteger(446, random).mod(Q));
        }
        return values;
    }

    static Scalar scalar(BigInteger value) {
        return Scalar.fromLittleEndian(littleEndian(value, 57));
    }

    static BigInteger value(Scalar scalar) {
        return littleEndian(scalar.toLittleEndian(57));
    }

    static byte[] littleEndian(BigInteger value, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = value.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }

    private static BigInteger littleEndian(byte[] bytes) {
        BigInteger value = BigInteger.ZERO;
        for (int i = bytes.length - 1; i >= 0; i--) {
            value = value.shiftLeft(8).or(BigInteger.valueOf(bytes[i] & 0xFF));
        }
        return value;
    }
}
