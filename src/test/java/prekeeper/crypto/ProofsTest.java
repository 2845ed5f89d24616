package prekeeper.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProofsTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Bytes CONTEXT = Bytes.fromHex("c0ffee");
    private static final KdfUsage USAGE = KdfUsage.PROOF_MESSAGE_ECDH;

    @ParameterizedTest
    @EnumSource
    void anEcdhProofHoldsForItsPointsItsContextAndItsUsageAlone(Suite suite) {
        List<Ed448KeyPair> keys =
                Stream.generate(() -> Ed448KeyPair.generate(RANDOM)).limit(5).toList();
        List<ValidPoint> points = keys.stream().map(Ed448KeyPair::publicKey).toList();
        EcdhProof proof = EcdhProof.prove(suite, USAGE, keys, CONTEXT, RANDOM);
        assertTrue(proof.verify(suite, USAGE, points, CONTEXT));

        assertFalse(proof.verify(suite, USAGE, points, Bytes.fromHex("c0ffef")));
        assertFalse(proof.verify(suite, KdfUsage.PROOF_SHARED_ECDH, points, CONTEXT));
        assertFalse(proof.verify(suite, USAGE, points.subList(0, 4), CONTEXT));
        assertFalse(proof.verify(
                suite,
                USAGE,
                List.of(points.get(1), points.get(0), points.get(2), points.get(3), points.get(4)),
                CONTEXT));
        assertFalse(new EcdhProof(proof.c(), flipped(proof.v())).verify(suite, USAGE, points, CONTEXT));
        assertFalse(new EcdhProof(flipped(proof.c()), proof.v()).verify(suite, USAGE, points, CONTEXT));
        for (Suite other : Suite.values()) {
            assertEquals(other == suite, proof.verify(other, USAGE, points, CONTEXT));
        }
    }

    @Test
    void aDhProofHoldsForItsValuesAndItsContextAlone() {
        List<DhKeyPair> keys =
                Stream.generate(() -> DhKeyPair.generate(RANDOM)).limit(3).toList();
        List<BigInteger> values = keys.stream().map(DhKeyPair::publicValue).toList();
        DhProof proof = DhProof.prove(keys, CONTEXT, RANDOM);
        assertTrue(proof.verify(values, CONTEXT));

        assertFalse(proof.verify(values, Bytes.fromHex("c0ffef")));
        assertFalse(proof.verify(values.subList(0, 2), CONTEXT));
        assertFalse(proof.verify(List.of(values.get(1), values.get(0), values.get(2)), CONTEXT));
        assertFalse(new DhProof(proof.c(), proof.v().flipBit(0)).verify(values, CONTEXT));
        assertFalse(new DhProof(flipped(proof.c()), proof.v()).verify(values, CONTEXT));
    }

    @Test
    void aPublicDhValueIsTheGeneratorToItsSecret() {
        DhKeyPair pair = DhKeyPair.generate(RANDOM);
        assertEquals(DhGroup.G.modPow(pair.secret(), DhGroup.P), pair.publicValue());
        assertFalse(pair.toString().contains(pair.secret().toString()));
    }

    @Test
    void manyPowersAtOnceGiveWhatTheyGiveOneByOne() {
        Random random = new Random(8);
        for (int count : new int[] {0, 1, 2, 3, 20}) {
            for (int bits : new int[] {1, 2, 64, 352}) {
                List<BigInteger> bases = Stream.generate(() -> new BigInteger(3072, random).mod(DhGroup.P))
                        .limit(count)
                        .toList();
                for (List<BigInteger> exponents : List.of(
                        Stream.generate(() -> new BigInteger(bits, random))
                                .limit(count)
                                .toList(),
                        Stream.generate(() -> BigInteger.ONE.shiftLeft(bits))
                                .limit(count)
                                .toList(),
                        Stream.iterate(BigInteger.ZERO, e -> e.shiftLeft(bits).add(BigInteger.ONE))
                                .limit(count)
                                .toList())) {
                    BigInteger expected = BigInteger.ONE;
                    for (int i = 0; i < count; i++) {
                        expected = expected.multiply(bases.get(i).modPow(exponents.get(i), DhGroup.P))
                                .mod(DhGroup.P);
                    }
                    assertEquals(expected, DhGroup.multiPower(bases, exponents));
                }
            }
        }
    }

    @Test
    void theLargestBasesAreReducedToo() {
        BigInteger largest = DhGroup.P.subtract(BigInteger.ONE);
        List<BigInteger> bases = List.of(largest, largest, largest, BigInteger.ZERO, BigInteger.ONE);
        List<BigInteger> exponents =
                Stream.of(7, 6, 5, 0, 9).map(BigInteger::valueOf).toList();
        assertEquals(BigInteger.ONE, DhGroup.multiPower(bases, exponents));
    }

    @Test
    void dhValuesAreValidFrom2ToPMinus2AndOnlyInTheSubgroup() {
        BigInteger p = DhGroup.P;
        assertTrue(p.isProbablePrime(20) && DhGroup.Q.isProbablePrime(20));
        for (BigInteger outside : List.of(
                BigInteger.ZERO,
                BigInteger.ONE,
                BigInteger.ONE.negate(),
                p.subtract(BigInteger.ONE),
                p,
                p.add(BigInteger.ONE),
                p.add(BigInteger.valueOf(4)),
                p.shiftLeft(1))) {
            assertFalse(DhGroup.isValid(outside));
        }
        Random random = new Random(7);
        for (int i = 0; i < 40; i++) {
            BigInteger value = i < 10 ? BigInteger.valueOf(i + 2) : new BigInteger(3071, random);
            boolean inSubgroup = value.modPow(DhGroup.Q, p).equals(BigInteger.ONE);
            assertEquals(inSubgroup, DhGroup.isValid(value));
            assertEquals(!inSubgroup, DhGroup.isValid(p.subtract(value)), "of x and p - x one is a square");
        }
    }

    private static Bytes flipped(Bytes bytes) {
        byte[] changed = bytes.toByteArray();
        changed[3] ^= 1;
        return Bytes.of(changed);
    }
}
