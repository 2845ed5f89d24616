package prekeeper.crypto;

import java.math.BigInteger;
import java.security.SecureRandom;

/**
 * A key pair of the 3072-bit group, for publishers (OTRv4, "3072-bit Diffie-Hellman Parameters").
 *
 * <p>Java's exponentiation is not constant-time. The server never uses a secret of this group; a publisher's is used for
 * exponentiation once, when the pair is made, with an exponent that a random multiple of q hides. It cannot be wiped.
 */
public final class DhKeyPair {
    private static final int BLINDING_BITS = 128;

    private final BigInteger secret;
    private final BigInteger publicValue;

    private DhKeyPair(BigInteger secret, BigInteger publicValue) {
        this.secret = secret;
        this.publicValue = publicValue;
    }

    /** A fresh pair with a uniformly random secret below q. */
    public static DhKeyPair generate(SecureRandom random) {
        // 128 bits more than q has: the bias of the reduction is below 2^-128
        BigInteger secret = new BigInteger(DhGroup.Q.bitLength() + 128, random).mod(DhGroup.Q.subtract(BigInteger.ONE));
        return fromSecret(secret.add(BigInteger.ONE), random);
    }

    /**
     * The pair of a kept secret.
     *
     * @param secret from 1 to q − 1
     * @param random hides the secret while the public value is computed
     */
    public static DhKeyPair fromSecret(BigInteger secret, SecureRandom random) {
        BigInteger blinded = secret.add(DhGroup.Q.multiply(new BigInteger(BLINDING_BITS, random)));
        return new DhKeyPair(secret, DhGroup.G.modPow(blinded, DhGroup.P));
    }

    public BigInteger publicValue() {
        return publicValue;
    }

    /** For keeping, and for the shared secret when a message comes. */
    public BigInteger secret() {
        return secret;
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return "DhKeyPair";
    }
}
