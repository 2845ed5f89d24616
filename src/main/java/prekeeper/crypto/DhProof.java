package prekeeper.crypto;

import java.math.BigInteger;

/**
 * Proof of possession of the secrets of values of the 3072-bit group (prekey server spec, "Proofs"), as it came.
 *
 * @param c 64 bytes, the challenge
 * @param v the response; what is not below q is refused when it is read, not here
 */
public record DhProof(Bytes c, BigInteger v) {}
