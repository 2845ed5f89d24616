/**
 * The mathematics: the Ed448 group, scalars, the KDF, ring signatures, proofs of possession, the 3072-bit DH group.
 *
 * <p>Knows nothing of OTR messages, and takes randomness only from a {@link java.security.SecureRandom} that is passed
 * in. Secrets are handled in constant time; what is checked for others (signatures, proofs) in variable time.
 */
package prekeeper.crypto;
