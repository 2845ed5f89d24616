package prekeeper.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc7748.X448;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class Ed448KeyPairTest {
    private static final BigInteger P = BigInteger.ONE
            .shiftLeft(448)
            .subtract(BigInteger.ONE.shiftLeft(224))
            .subtract(BigInteger.ONE);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** RFC 8032, 7.4: "Blank" and "1 octet". */
    @ParameterizedTest
    @CsvSource({
        "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b,"
                + "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180,"
                + "'',"
                + "533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f2b233f034f628281f2fd7a22ddd47d7828c59bd0a21bfd3980"
                + "ff0d2028d4b18a9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4dbb61149f05a7363268c71d95808ff2e652600",
        "c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463afbea67c5e8d2877c5e3bc397a659949ef8021e954e0a12274e,"
                + "43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802b8438ea4cb82169c235160627b4c3a9480,"
                + "03,"
                + "26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f4352541b143c4b981b7e18f62de8ccdf633fc1bf037ab7cd77980"
                + "5e0dbcc0aae1cbcee1afb2e027df36bc04dcecbf154336c19f0af7e0a6472905e799f1953d2a0ff3348ab21aa4adafd1d234441cf807c03a00",
    })
    void keysAndSignaturesAreThoseOfRfc8032(String secret, String publicKey, String message, String signature) {
        try (SecretBytes symmetricKey = SecretBytes.adopt(Bytes.fromHex(secret).toByteArray());
                Ed448KeyPair pair = Ed448KeyPair.fromSymmetricKey(symmetricKey)) {
            assertEquals(publicKey, pair.publicKey().toString());
            assertEquals(signature, pair.sign(Bytes.fromHex(message)).toHex());
            assertTrue(Eddsa.verify(pair.publicKey(), Bytes.fromHex(message), Bytes.fromHex(signature)));
            assertFalse(Eddsa.verify(pair.publicKey(), Bytes.fromHex(message + "00"), Bytes.fromHex(signature)));
        }
    }

    /**
     * RFC 7748, 6.2: the 4-isogeny u = y²/x² of section 4.2 takes a·G to X448(a, 5), which ties our multiplication to the
     * RFC's Diffie-Hellman vectors.
     */
    @ParameterizedTest
    @CsvSource({
        "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b,"
                + "9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0",
        "1c306a7ac2a0e2e0990b294470cba339e6453772b075811d8fad0d1d6927c120bb5ee8972b0d3e21374c9c921b09d1b0366f10b65173992d,"
                + "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b43027d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609",
    })
    void multiplicationIsThatOfRfc7748(String secret, String publicKey) {
        byte[] pruned = Bytes.fromHex(secret).toByteArray();
        pruned[0] &= (byte) 0xFC;
        pruned[55] |= (byte) 0x80;
        byte[] encoded = Comb.BASE
                .times(Scalar.fromLittleEndian(pruned))
                .encode()
                .encoded()
                .toByteArray();
        BigInteger y = unsigned(encoded);
        BigInteger y2 = y.multiply(y).mod(P);
        BigInteger x2 = BigInteger.ONE
                .subtract(y2)
                .multiply(BigInteger.ONE
                        .add(y2.multiply(BigInteger.valueOf(39081)))
                        .modInverse(P))
                .mod(P);
        BigInteger u = y2.multiply(x2.modInverse(P)).mod(P);
        assertEquals(
                publicKey, Bytes.of(ScalarTest.littleEndian(u, X448.POINT_SIZE)).toHex());
    }

    @ParameterizedTest
    @EnumSource
    void bothSidesComputeOneSharedSecret(Suite suite) {
        try (Ed448KeyPair ours = Ed448KeyPair.generate(RANDOM);
                Ed448KeyPair theirs = Ed448KeyPair.generate(RANDOM);
                SecretBytes one = ours.ecdh(suite, theirs.publicKey()).orElseThrow();
                SecretBytes other = theirs.ecdh(suite, ours.publicKey()).orElseThrow()) {
            assertTrue(one.matches(other.toByteArray()));
            assertEquals(Point.BYTES, one.length());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSecretScalarBelongsToThePublicKeyOverTheSuitesBase(Suite suite) {
        try (Ed448KeyPair pair = Ed448KeyPair.generate(RANDOM)) {
            assertEquals(
                    pair.publicKey().point(),
                    Comb.BASE.times(suite.overG(pair.secretOverBase(suite))).encode());
        }
    }

    @Test
    void aKeyPairIsRestoredFromItsSymmetricKey() {
        try (Ed448KeyPair pair = Ed448KeyPair.generate(RANDOM);
                SecretBytes kept = pair.symmetricKey();
                Ed448KeyPair restored = Ed448KeyPair.fromSymmetricKey(kept)) {
            assertEquals(pair.publicKey(), restored.publicKey());
            assertEquals(ValidPoint.of(pair.publicKey().point()).orElseThrow(), pair.publicKey());
        }
    }

    @Test
    void aKeyPairPrintsItsPublicKeyOnly() {
        try (Ed448KeyPair pair = Ed448KeyPair.generate(RANDOM);
                SecretBytes secret = pair.symmetricKey()) {
            assertEquals("Ed448KeyPair[" + pair.publicKey() + "]", pair.toString());
            assertFalse(
                    secret.toString().contains(Bytes.of(secret.toByteArray()).toHex()));
        }
    }

    private static BigInteger unsigned(byte[] littleEndianWithSign) {
        byte[] bigEndian = new byte[Point.BYTES - 1];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[i] = littleEndianWithSign[bigEndian.length - 1 - i];
        }
        return new BigInteger(1, bigEndian);
    }
}
