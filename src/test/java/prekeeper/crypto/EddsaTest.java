package prekeeper.crypto;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Random;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.math.ec.rfc8032.Ed448;
import org.junit.jupiter.api.Test;

/** A signature is right exactly when Bouncy Castle says so. */
class EddsaTest {
    private static final SecureRandom SECURE = new SecureRandom();

    private final Random random = new Random(13);

    @Test
    void rightSignaturesOfManyKeysVerify() {
        for (int i = 0; i < 100; i++) {
            try (Ed448KeyPair pair = Ed448KeyPair.generate(SECURE)) {
                for (int length : new int[] {0, 1, i, 10 * i}) {
                    Bytes message = randomBytes(length);
                    Bytes signature = pair.sign(message);
                    assertTrue(Eddsa.verify(pair.publicKey(), message, signature));
                    assertTrue(bouncyCastleVerifies(pair.publicKey(), message, signature));
                }
            }
        }
    }

    @Test
    void aThousandWrongSignaturesAreRefused() {
        try (Ed448KeyPair pair = Ed448KeyPair.generate(SECURE)) {
            Bytes message = randomBytes(100);
            byte[] right = pair.sign(message).toByteArray();
            for (int i = 0; i < 1000; i++) {
                byte[] wrong = right.clone();
                if (i < 8 * Eddsa.SIGNATURE_BYTES) {
                    wrong[i / 8] ^= (byte) (1 << i % 8);
                } else {
                    random.nextBytes(wrong);
                    wrong[Eddsa.SIGNATURE_BYTES - 1] = 0;
                }
                assertFalse(Eddsa.verify(pair.publicKey(), message, Bytes.of(wrong)));
                assertFalse(bouncyCastleVerifies(pair.publicKey(), message, Bytes.of(wrong)));
            }
        }
    }

    @Test
    void aScalarThatIsNotReducedIsRefused() {
        try (Ed448KeyPair pair = Ed448KeyPair.generate(SECURE)) {
            Bytes message = randomBytes(100);
            Bytes signature = pair.sign(message);
            BigInteger s = ScalarTest.value(Scalar.fromLittleEndian(signature.slice(57, 114)));
            Bytes plusQ = signature.slice(0, 57).concat(Bytes.of(ScalarTest.littleEndian(s.add(Scalar.Q), 57)));
            assertFalse(Eddsa.verify(pair.publicKey(), message, plusQ));
            assertFalse(bouncyCastleVerifies(pair.publicKey(), message, plusQ));
            assertFalse(Eddsa.verify(pair.publicKey(), message, signature.slice(0, 113)));
            assertFalse(Eddsa.verify(pair.publicKey(), message, signature.concat(Bytes.of((byte) 0))));
        }
    }

    /** RFC 8032, 5.2.7, multiplies by 4, so that R may differ by a point of small order. */
    @Test
    void aCommitmentOfMixedOrderIsTakenAsTheCofactorAllows() {
        GroupElement order4 =
                GroupElement.decode(new Point(Bytes.of(new byte[57]))).orElseThrow();
        Scalar secret = Scalar.random(SECURE);
        ValidPoint key = ValidPoint.trusted(Comb.BASE.times(secret));
        GroupElement torsion = GroupElement.IDENTITY;
        for (int i = 0; i < 4; i++) {
            Bytes message = randomBytes(i);
            Scalar nonce = Scalar.random(SECURE);
            Bytes commitment = Comb.BASE.times(nonce).plus(torsion).encode().encoded();
            Scalar s = nonce.plus(challenge(commitment, key, message).times(secret));
            Bytes signature = commitment.concat(Bytes.of(s.toLittleEndian(57)));
            assertTrue(bouncyCastleVerifies(key, message, signature));
            assertTrue(Eddsa.verify(key, message, signature));
            torsion = torsion.plus(order4);
        }
    }

    private static Scalar challenge(Bytes commitment, ValidPoint key, Bytes message) {
        byte[] hashed = Bytes.of("SigEd448".getBytes(StandardCharsets.US_ASCII))
                .concat(Bytes.fromHex("0000"))
                .concat(commitment)
                .concat(key.point().encoded())
                .concat(message)
                .toByteArray();
        SHAKEDigest shake = new SHAKEDigest(256);
        shake.update(hashed, 0, hashed.length);
        byte[] hash = new byte[114];
        shake.doFinal(hash, 0, hash.length);
        return Scalar.fromLittleEndian(hash);
    }

    private static boolean bouncyCastleVerifies(ValidPoint key, Bytes message, Bytes signature) {
        return Ed448.verify(
                signature.toByteArray(),
                0,
                key.point().encoded().toByteArray(),
                0,
                new byte[0],
                message.toByteArray(),
                0,
                message.length());
    }

    private Bytes randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }
}
