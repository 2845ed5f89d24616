package prekeeper.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RingTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Bytes MESSAGE = Bytes.fromHex("00112233");

    private final List<Ed448KeyPair> members =
            List.of(Ed448KeyPair.generate(RANDOM), Ed448KeyPair.generate(RANDOM), Ed448KeyPair.generate(RANDOM));

    @ParameterizedTest
    @EnumSource
    void whicheverMemberSignsTheSignatureVerifies(Suite suite) {
        Ring ring = ring(suite);
        for (Ed448KeyPair signer : members) {
            RingSignature signature = ring.sign(signer, MESSAGE, RANDOM);
            assertEquals(RingSignature.bytes(suite), signature.encoded().length());
            assertTrue(ring.verify(signature, MESSAGE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneKeySignsProvesAndAgreesAgainAndAgain(Suite suite) {
        Ed448KeyPair signer = members.get(1);
        EcdhProof proof = EcdhProof.prove(suite, KdfUsage.PROOF_SHARED_ECDH, List.of(signer), MESSAGE, RANDOM);
        assertTrue(proof.verify(suite, KdfUsage.PROOF_SHARED_ECDH, List.of(signer.publicKey()), MESSAGE));
        try (SecretBytes before = signer.ecdh(suite, members.get(0).publicKey()).orElseThrow()) {
            for (int i = 0; i < 3; i++) {
                assertTrue(ring(suite).verify(ring(suite).sign(signer, MESSAGE, RANDOM), MESSAGE));
            }
            try (SecretBytes after =
                    signer.ecdh(suite, members.get(0).publicKey()).orElseThrow()) {
                assertTrue(after.matches(before.toByteArray()), "using a secret does not wipe it");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSignatureHoldsForItsMessageItsRingAndItsOrderAlone(Suite suite) {
        Ring ring = ring(suite);
        RingSignature signature = ring.sign(members.get(1), MESSAGE, RANDOM);
        assertFalse(ring.verify(signature, Bytes.fromHex("00112234")));
        assertFalse(ring(suite, members.get(1), members.get(0), members.get(2)).verify(signature, MESSAGE));
        try (Ed448KeyPair stranger = Ed448KeyPair.generate(RANDOM)) {
            assertFalse(ring(suite, members.get(0), members.get(1), stranger).verify(signature, MESSAGE));
        }
        for (Suite other : Suite.values()) {
            assertEquals(other == suite, ring(other).verify(signature, MESSAGE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyFlippedBitBreaksTheSignature(Suite suite) {
        Ring ring = ring(suite);
        byte[] signature = ring.sign(members.get(0), MESSAGE, RANDOM).encoded().toByteArray();
        for (int i = 0; i < signature.length; i += 5) {
            byte[] changed = signature.clone();
            changed[i] ^= (byte) (1 << i % 8);
            assertFalse(ring.verify(new RingSignature(Bytes.of(changed)), MESSAGE), "byte " + i);
        }
        assertFalse(ring.verify(new RingSignature(Bytes.EMPTY), MESSAGE));
    }

    @Test
    void thereIsNoRingWithTwoEqualKeys() {
        ValidPoint a = members.get(0).publicKey();
        ValidPoint b = members.get(1).publicKey();
        assertTrue(Ring.of(Suite.SPEC, a, a, b).isEmpty());
        assertTrue(Ring.of(Suite.SPEC, a, b, b).isEmpty());
        assertTrue(Ring.of(Suite.SPEC, a, b, a).isEmpty());
        assertTrue(Ring.of(Suite.SPEC, a, a, a).isEmpty());
    }

    @Test
    void aStrangerCanNotSign() {
        try (Ed448KeyPair stranger = Ed448KeyPair.generate(RANDOM)) {
            assertThrows(IllegalArgumentException.class, () -> ring(Suite.SPEC).sign(stranger, MESSAGE, RANDOM));
        }
    }

    private Ring ring(Suite suite) {
        return ring(suite, members.get(0), members.get(1), members.get(2));
    }

    private static Ring ring(Suite suite, Ed448KeyPair first, Ed448KeyPair second, Ed448KeyPair third) {
        return Ring.of(suite, first.publicKey(), second.publicKey(), third.publicKey())
                .orElseThrow();
    }
}
