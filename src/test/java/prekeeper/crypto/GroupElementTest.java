package prekeeper.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The laws of the group, and the curve equation over {@link BigInteger}. */
class GroupElementTest {
    private static final BigInteger P = BigInteger.ONE
            .shiftLeft(448)
            .subtract(BigInteger.ONE.shiftLeft(224))
            .subtract(BigInteger.ONE);

    private static final GroupElement G = GroupElement.BASE;
    /** (0, −1). */
    private static final GroupElement ORDER_2 =
            decode(P.subtract(BigInteger.ONE), 0).orElseThrow();
    /** (1, 0) or (−1, 0). */
    private static final GroupElement ORDER_4 = decode(BigInteger.ZERO, 1).orElseThrow();

    @Test
    void theBasePointIsThatOfRfc8032() {
        BigInteger y = new BigInteger(
                "298819210078481492676017930443930673437544040154080242095928241372331506189835876003536878655418784733982303233503462500531545062832660");
        assertEquals(Optional.of(G.encode()), decode(y, 0).map(GroupElement::encode));
        BigInteger x = new BigInteger(
                "224580040295924300187604334099896036246789641632564134246125461686950415467406032909029192869357953282578032075146446173674602635247710");
        assertEquals(0, x.testBit(0) ? 1 : 0, "the sign bit of the encoding is clear");
        assertTrue(isOnCurve(x, y));
    }

    @Test
    void additionIsThatOfTheCurveOverBigInteger() {
        Random random = new Random(3);
        for (int i = 0; i < 1000; i++) {
            Affine a = randomPoint(random);
            Affine b = i % 5 == 0 ? a : randomPoint(random);
            assertEquals(encoding(a.plus(b)), element(a).plus(element(b)).encode());
            assertEquals(encoding(a.plus(a)), element(a).doubled().encode());
            assertEquals(
                    element(a).encode(),
                    GroupElement.select(-1, element(a), element(b)).encode());
            assertEquals(
                    element(b).encode(),
                    GroupElement.select(0, element(a), element(b)).encode());
        }
    }

    @Test
    void additionHasNoExceptions() {
        List<GroupElement> elements = List.of(
                GroupElement.IDENTITY,
                ORDER_2,
                ORDER_4,
                ORDER_4.negated(),
                G,
                G.negated(),
                G.plus(ORDER_4),
                G.doubled());
        for (GroupElement a : elements) {
            assertEquals(a.encode(), a.plus(GroupElement.IDENTITY).encode());
            assertTrue(a.plus(a.negated()).isIdentity());
            assertEquals(a.plus(a).encode(), a.doubled().encode());
            for (GroupElement b : elements) {
                assertEquals(a.plus(b).encode(), b.plus(a).encode());
                for (GroupElement c : elements) {
                    assertEquals(a.plus(b).plus(c).encode(), a.plus(b.plus(c)).encode());
                }
            }
        }
    }

    @Test
    void manyScalarsAtOnceGiveWhatTheyGiveOneByOne() {
        List<Scalar> scalars = new ArrayList<>();
        List<GroupElement> elements = new ArrayList<>();
        GroupElement expected = GroupElement.IDENTITY;
        List<BigInteger> values = ScalarTest.weightedToTheEdges();
        List<GroupElement> points = points(new Random(9), 20);
        for (int i = 0; i < 1000; i++) {
            Scalar scalar = ScalarTest.scalar(values.get(i % values.size()));
            GroupElement element = points.get(i * 7 / 3 % points.size()); // some twice in a row
            GroupElement product = multiple(element, values.get(i % values.size()));
            assertEquals(
                    product.encode(),
                    GroupElement.multiScalar(List.of(scalar), List.of(element)).encode());
            scalars.add(scalar);
            elements.add(element);
            expected = expected.plus(product);
        }
        assertEquals(
                expected.encode(), GroupElement.multiScalar(scalars, elements).encode());
        assertTrue(GroupElement.multiScalar(List.of(), List.of()).isIdentity());
    }

    @Test
    void oneInversionMakesManyPointsAffine() {
        List<GroupElement> points = points(new Random(10), 20);
        List<GroupElement> sums = new ArrayList<>();
        for (int i = 0; i + 1 < points.size(); i++) {
            sums.add(points.get(i).plus(points.get(i + 1)));
        }
        assertEquals(
                sums.stream().map(GroupElement::encode).toList(),
                GroupElement.affine(sums).stream().map(GroupElement::encode).toList());
        assertEquals(List.of(), GroupElement.affine(List.of()));
    }

    @Test
    void onlyMultiplesOfTheBasePointAreInItsSubgroup() {
        Random random = new Random(4);
        for (int i = 0; i < 20; i++) {
            GroupElement inside = multiple(G, new BigInteger(446, random));
            assertTrue(inside.isInPrimeOrderSubgroup());
            assertFalse(inside.plus(ORDER_2).isInPrimeOrderSubgroup());
            assertFalse(inside.plus(ORDER_4).isInPrimeOrderSubgroup());
            assertFalse(inside.plus(ORDER_4.negated()).isInPrimeOrderSubgroup());
        }
        assertTrue(GroupElement.IDENTITY.isInPrimeOrderSubgroup());
        assertTrue(ValidPoint.of(GroupElement.IDENTITY.encode()).isEmpty());
        assertTrue(ValidPoint.of(ORDER_2.encode()).isEmpty());
        assertTrue(ValidPoint.of(G.plus(ORDER_2).encode()).isEmpty());
        assertTrue(ValidPoint.of(G.encode()).isPresent());
    }

    /** The plain definition: q·P is the identity. q itself is 0 as a scalar, so (q − 1)·P + P is looked at. */
    @Test
    void halvingTellsTheSameAsMultiplyingByTheOrder() {
        Random random = new Random(6);
        Scalar orderMinusOne = Scalar.ZERO.minus(Scalar.ONE);
        int inside = 0;
        for (int i = 0; i < 1000; i++) {
            GroupElement element = element(randomPoint(random));
            boolean expected = GroupElement.multiScalar(List.of(orderMinusOne), List.of(element))
                    .plus(element)
                    .isIdentity();
            assertEquals(expected, element.isInPrimeOrderSubgroup());
            assertEquals(expected, element.doubled().plus(element.negated()).isInPrimeOrderSubgroup(), "z is not 1");
            inside += expected ? 1 : 0;
        }
        assertTrue(inside > 180 && inside < 320, "a quarter of all points, here " + inside);
        for (GroupElement small : List.of(ORDER_2, ORDER_4, ORDER_4.negated())) {
            assertFalse(small.isInPrimeOrderSubgroup());
        }
    }

    @Test
    void whatDecodesIsOnTheCurveAndEncodesBack() {
        Random random = new Random(5);
        int decoded = 0;
        for (int i = 0; i < 1000; i++) {
            BigInteger y = new BigInteger(448, random).mod(P);
            int sign = random.nextInt(2);
            Optional<GroupElement> element = decode(y, sign);
            assertEquals(rootOfX2(y).isPresent(), element.isPresent());
            if (element.isPresent()) {
                assertEquals(point(y, sign), element.get().encode());
                decoded++;
            }
        }
        assertTrue(decoded > 300, "about half of all y belong to a point, here " + decoded);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "y = p, 0, 0",
        "y = p with sign, 0, 1",
        "y = p + 1 which would be the identity, 1, 0",
        "y = p + 1 with sign, 1, 1",
        "y = 2^448 - 1 the largest, 26959946667150639794667015087019630673637144422540572481103610249215, 0",
    })
    void aCoordinateThatIsNotReducedIsRefused(String name, BigInteger aboveP, int sign) {
        assertTrue(GroupElement.decode(point(P.add(aboveP), sign)).isEmpty(), name);
    }

    @Test
    void zeroHasNoSign() {
        assertTrue(decode(BigInteger.ONE, 0).isPresent());
        assertTrue(decode(BigInteger.ONE, 1).isEmpty());
        assertTrue(decode(P.subtract(BigInteger.ONE), 0).isPresent());
        assertTrue(decode(P.subtract(BigInteger.ONE), 1).isEmpty());
    }

    @Test
    void theLastByteHoldsNothingButTheSign() {
        byte[] encoded = G.encode().encoded().toByteArray();
        for (int bit = 0; bit < 7; bit++) {
            byte[] changed = encoded.clone();
            changed[56] |= (byte) (1 << bit);
            assertTrue(GroupElement.decode(new Point(Bytes.of(changed))).isEmpty());
        }
    }

    /** {@code scalar} times {@code element} by the plain definition, from the highest bit down. */
    static GroupElement multiple(GroupElement element, BigInteger scalar) {
        GroupElement sum = GroupElement.IDENTITY;
        for (int bit = scalar.bitLength() - 1; bit >= 0; bit--) {
            sum = sum.doubled();
            sum = scalar.testBit(bit) ? sum.plus(element) : sum;
        }
        return sum;
    }

    /** Those of small order, G and its negative, and {@code count} random ones, three quarters of them of mixed order. */
    private static List<GroupElement> points(Random random, int count) {
        List<GroupElement> points =
                new ArrayList<>(List.of(GroupElement.IDENTITY, ORDER_2, ORDER_4, ORDER_4.negated(), G, G.negated()));
        for (int i = 0; i < count; i++) {
            points.add(element(randomPoint(random)));
        }
        return points;
    }

    // The curve over BigInteger, affine, straight from its equation.

    private record Affine(BigInteger x, BigInteger y) {
        Affine plus(Affine other) {
            BigInteger minusD = BigInteger.valueOf(39081);
            BigInteger product =
                    minusD.multiply(x).multiply(other.x).multiply(y).multiply(other.y);
            BigInteger x3 = x.multiply(other.y)
                    .add(y.multiply(other.x))
                    .multiply(BigInteger.ONE.subtract(product).modInverse(P));
            BigInteger y3 = y.multiply(other.y)
                    .subtract(x.multiply(other.x))
                    .multiply(BigInteger.ONE.add(product).modInverse(P));
            return new Affine(x3.mod(P), y3.mod(P));
        }
    }

    private static Affine randomPoint(Random random) {
        while (true) {
            BigInteger y = new BigInteger(448, random).mod(P);
            Optional<BigInteger> x = rootOfX2(y);
            if (x.isPresent()) {
                return new Affine(x.get(), y);
            }
        }
    }

    private static Optional<BigInteger> rootOfX2(BigInteger y) {
        BigInteger y2 = y.multiply(y);
        BigInteger x2 = BigInteger.ONE
                .subtract(y2)
                .multiply(BigInteger.ONE
                        .add(y2.multiply(BigInteger.valueOf(39081)))
                        .modInverse(P))
                .mod(P);
        BigInteger x = x2.modPow(P.add(BigInteger.ONE).shiftRight(2), P);
        return Optional.of(x).filter(root -> isOnCurve(root, y));
    }

    private static boolean isOnCurve(BigInteger x, BigInteger y) {
        BigInteger x2 = x.multiply(x);
        BigInteger y2 = y.multiply(y);
        BigInteger right = BigInteger.ONE.subtract(x2.multiply(y2).multiply(BigInteger.valueOf(39081)));
        return x2.add(y2).subtract(right).mod(P).signum() == 0;
    }

    private static Point encoding(Affine point) {
        return point(point.y, point.x.testBit(0) ? 1 : 0);
    }

    private static GroupElement element(Affine point) {
        return GroupElement.decode(encoding(point)).orElseThrow();
    }

    private static Optional<GroupElement> decode(BigInteger y, int sign) {
        return GroupElement.decode(point(y, sign));
    }

    private static Point point(BigInteger y, int sign) {
        byte[] encoded = ScalarTest.littleEndian(y, Point.BYTES);
        encoded[Point.BYTES - 1] |= (byte) (sign << 7);
        return new Point(Bytes.of(encoded));
    }
}
