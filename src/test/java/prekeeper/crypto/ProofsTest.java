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
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 30})
    void theCommitmentOfADhProofIsThatOfItsFormula(int count) {
        Random random = new Random(5);
        BigInteger p = DhGroup.P;
        List<BigInteger> values =
                Stream.generate(() -> new BigInteger(3071, random)).limit(count).toList();
        for (BigInteger v : List.of(
                BigInteger.ZERO,
                BigInteger.ONE,
                BigInteger.ONE.shiftLeft(352),
                BigInteger.ONE.shiftLeft(3070).subtract(BigInteger.ONE),
                new BigInteger(3070, random),
                DhGroup.Q.subtract(BigInteger.ONE))) {
            byte[] c = new byte[EcdhProof.CHALLENGE_BYTES];
            random.nextBytes(c);
            DhProof proof = new DhProof(Bytes.of(c), v);
            List<BigInteger> coefficients = DhProof.coefficients(proof.c(), count);
            BigInteger product = BigInteger.ONE;
            for (int i = 0; i < count; i++) {
                product = product.multiply(values.get(i).modPow(coefficients.get(i), p));
            }
            assertEquals(DhGroup.G.modPow(v, p).multiply(product.modInverse(p)).mod(p), proof.commitment(values));
        }
    }

    private static Bytes flipped(Bytes bytes) {
        byte[] changed = bytes.toByteArray();
        changed[3] ^= 1;
        return Bytes.of(changed);
    }
}
