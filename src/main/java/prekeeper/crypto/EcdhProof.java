package prekeeper.crypto;

/**
 * Proof of possession of the secrets of Ed448 points (prekey server spec, "Proofs"), as it came.
 *
 * @param c 64 bytes, the challenge
 * @param v one SCALAR of {@link Suite#scalarBytes()}; not necessarily reduced
 */
public record EcdhProof(Bytes c, Bytes v) {
    public static final int CHALLENGE_BYTES = 64;
}
