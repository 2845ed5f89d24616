package prekeeper.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Multiplication by secrets gives what repeated doubling and addition gives. */
class CombTest {
    private static final GroupElement G = GroupElement.BASE;

    private final Random random = new Random(12);

    @Test
    void everySmallMultipleOfAnyPointIsRepeatedAddition() {
        for (GroupElement element : List.of(G, randomElement())) {
            GroupElement sum = GroupElement.IDENTITY;
            for (int i = 0; i < 100; i++) {
                assertMultiple(sum, element, BigInteger.valueOf(i));
                assertMultiple(
                        sum.negated(),
                        element,
                        Scalar.Q.subtract(BigInteger.valueOf(i)).mod(Scalar.Q));
                sum = sum.plus(element);
            }
        }
    }

    @Test
    void edgesAndRandomScalarsMultiplyAsThePlainDefinitionSays() {
        List<BigInteger> edges = ScalarTest.weightedToTheEdges();
        GroupElement element = G;
        for (int i = 0; i < 1000; i++) {
            BigInteger scalar = i < edges.size() ? edges.get(i) : new BigInteger(446, random).mod(Scalar.Q);
            element = i % 50 == 0 ? randomElement() : element;
            assertMultiple(GroupElementTest.multiple(element, scalar), element, scalar);
            assertEquals(
                    GroupElementTest.multiple(G, scalar).encode(),
                    Comb.BASE.times(ScalarTest.scalar(scalar)).encode());
            assertEquals(
                    GroupElementTest.multiple(G, scalar).encode(),
                    Comb.PUBLIC_BASE.timesVar(ScalarTest.scalar(scalar)).encodeVar());
        }
    }

    @Test
    void twoProductsTogetherAreTheirSum() {
        List<BigInteger> edges = ScalarTest.weightedToTheEdges();
        GroupElement element = randomElement();
        for (int i = 0; i < 1000; i++) {
            BigInteger one = i < edges.size() ? edges.get(i) : new BigInteger(446, random).mod(Scalar.Q);
            BigInteger ofBase = i % 3 == 0 ? edges.get(i % edges.size()) : new BigInteger(446, random).mod(Scalar.Q);
            element = i % 50 == 0 ? randomElement() : element;
            Point sum = GroupElementTest.multiple(element, one)
                    .plus(GroupElementTest.multiple(G, ofBase))
                    .encode();
            Scalar scalar = ScalarTest.scalar(one);
            Scalar scalarOfBase = ScalarTest.scalar(ofBase);
            Comb comb = new Comb(element);
            assertEquals(sum, comb.timesPlusBase(scalar, scalarOfBase).encode());
            assertEquals(sum, comb.timesPlusBaseVar(scalar, scalarOfBase).encode());
            if (i % 50 == 0) {
                assertEquals(
                        sum,
                        Comb.forLong(element)
                                .timesPlusBaseVar(scalar, scalarOfBase)
                                .encodeVar());
            }
        }
    }

    @Test
    void multiplicationRespectsSumsAndProductsOfScalars() {
        List<BigInteger> values = ScalarTest.weightedToTheEdges();
        for (int i = 0; i + 1 < values.size(); i++) {
            Scalar a = ScalarTest.scalar(values.get(i));
            Scalar b = ScalarTest.scalar(values.get(i + 1));
            GroupElement multiple = Comb.BASE.times(a);
            assertEquals(
                    Comb.BASE.times(a.plus(b)).encode(),
                    multiple.plus(Comb.BASE.times(b)).encode());
            assertEquals(
                    Comb.BASE.times(a.times(b)).encode(),
                    new Comb(multiple).times(b).encode());
        }
    }

    @Test
    void theIdentityHasOneMultiple() {
        Comb comb = new Comb(GroupElement.IDENTITY);
        ScalarTest.weightedToTheEdges()
                .forEach(
                        value -> assertTrue(comb.times(ScalarTest.scalar(value)).isIdentity()));
    }

    @Test
    void oneOfTwoIsSelected() {
        GroupElement element = randomElement();
        Scalar scalar = ScalarTest.scalar(BigInteger.TEN);
        Comb one = new Comb(element);
        Comb other = new Comb(G);
        assertEquals(
                one.times(scalar).encode(),
                Comb.select(-1, one, other).times(scalar).encode());
        assertEquals(
                other.times(scalar).encode(),
                Comb.select(0, one, other).times(scalar).encode());
    }

    private static void assertMultiple(GroupElement expected, GroupElement element, BigInteger scalar) {
        assertEquals(
                expected.encode(),
                new Comb(element).times(ScalarTest.scalar(scalar)).encode(),
                "times " + scalar);
        assertEquals(
                expected.encode(),
                new Comb(element).timesVar(ScalarTest.scalar(scalar)).encode(),
                "times public " + scalar);
    }

    private GroupElement randomElement() {
        return GroupElementTest.multiple(G, new BigInteger(446, random).mod(Scalar.Q));
    }
}
