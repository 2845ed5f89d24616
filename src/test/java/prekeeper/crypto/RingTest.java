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
    void aSignatureHoldsForItsMessageItsRingAndItsOrderAlone(Suite suite) {
        Ring ring = ring(suite);
        RingSignature signature = ring.sign(members.get(1), MESSAGE, RANDOM);
        assertFalse(ring.verify(signature, Bytes.fromHex("00112234")));
        assertFalse(new Ring(suite, ring.second(), ring.first(), ring.third()).verify(signature, MESSAGE));
        try (Ed448KeyPair stranger = Ed448KeyPair.generate(RANDOM)) {
            assertFalse(new Ring(suite, ring.first(), ring.second(), stranger.publicKey()).verify(signature, MESSAGE));
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

    @ParameterizedTest
    @EnumSource
    void aRingWithTwoEqualKeysNeitherSignsNorVerifies(Suite suite) {
        Ring ring = ring(suite);
        RingSignature signature = ring.sign(members.get(0), MESSAGE, RANDOM);
        for (Ring equal : List.of(
                new Ring(suite, ring.first(), ring.first(), ring.third()),
                new Ring(suite, ring.first(), ring.second(), ring.second()),
                new Ring(suite, ring.first(), ring.second(), ring.first()))) {
            assertFalse(equal.verify(signature, MESSAGE));
            assertThrows(IllegalArgumentException.class, () -> equal.sign(members.get(0), MESSAGE, RANDOM));
        }
    }

    @Test
    void aStrangerCanNotSign() {
        try (Ed448KeyPair stranger = Ed448KeyPair.generate(RANDOM)) {
            assertThrows(IllegalArgumentException.class, () -> ring(Suite.SPEC).sign(stranger, MESSAGE, RANDOM));
        }
    }

    private Ring ring(Suite suite) {
        return new Ring(
                suite,
                members.get(0).publicKey(),
                members.get(1).publicKey(),
                members.get(2).publicKey());
    }
}
