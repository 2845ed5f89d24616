package prekeeper.crypto;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Proof of possession of the secrets of values of the 3072-bit group, all in one (prekey server spec, "Proofs"), as it
 * came.
 *
 * <p>For values B1 … BN: t1 … tN are cut from KDF(17, c) and read big-endian, A = 2^v · (Π Bi^ti)^−1 mod p, and the proof
 * is right when KDF(14, MPI(A) ‖ MPI(B1) ‖ … ‖ MPI(BN) ‖ m) = c.
 *
 * @param c 64 bytes, the challenge
 * @param v the response; what is not below q is refused when it is read, not here
 */
public record DhProof(Bytes c, BigInteger v) {
    private static final int LAMBDA_BITS = 8 * EcdhProof.LAMBDA_BYTES;
    private static final BigInteger PIECE = BigInteger.ONE.shiftLeft(LAMBDA_BITS);

    /** 2^(2^(352·i)), which make one exponent below q nine of the length of a t. */
    private static final List<BigInteger> POWERS_OF_G = Stream.iterate(
                    DhGroup.G, power -> power.modPow(PIECE, DhGroup.P))
            .limit(DhGroup.Q.bitLength() / LAMBDA_BITS + 1)
            .toList();

    /** Proves possession of all of {@code keys}; {@code context} is m, which ties the proof to one handshake. */
    public static DhProof prove(List<DhKeyPair> keys, Bytes context, SecureRandom random) {
        DhKeyPair commitment = DhKeyPair.generate(random);
        Bytes c = challenge(
                commitment.publicValue(),
                keys.stream().map(DhKeyPair::publicValue).toList(),
                context);
        BigInteger v = commitment.secret();
        List<BigInteger> coefficients = coefficients(c, keys.size());
        for (int i = 0; i < keys.size(); i++) {
            v = v.add(coefficients.get(i).multiply(keys.get(i).secret())).mod(DhGroup.Q);
        }
        return new DhProof(c, v);
    }

    /**
     * Verifies, in variable time, that whoever made this knew the secrets of all {@code values}.
     *
     * @param values valid ones ({@link DhGroup#isValid})
     */
    public boolean verify(List<BigInteger> values, Bytes context) {
        return challenge(commitment(values), values, context).equals(c);
    }

    /** A = 2^v · (Π Bi^ti)^−1, as (2^(q − v) · Π Bi^ti)^−1: one product of powers, whose exponents are all of 352 bits. */
    BigInteger commitment(List<BigInteger> values) {
        List<BigInteger> bases = new ArrayList<>(values);
        List<BigInteger> exponents = new ArrayList<>(coefficients(c, values.size()));
        BigInteger minusV = DhGroup.Q.subtract(v);
        for (BigInteger power : POWERS_OF_G) {
            bases.add(power);
            exponents.add(minusV.mod(PIECE));
            minusV = minusV.shiftRight(LAMBDA_BITS);
        }
        return DhGroup.multiPower(bases, exponents).modInverse(DhGroup.P);
    }

    private static Bytes challenge(BigInteger a, List<BigInteger> values, Bytes context) {
        List<Bytes> hashed = new ArrayList<>();
        hashed.add(mpi(a));
        values.forEach(value -> hashed.add(mpi(value)));
        hashed.add(context);
        return Kdf.hash(KdfUsage.PROOF_MESSAGE_DH, EcdhProof.CHALLENGE_BYTES, hashed.toArray(Bytes[]::new));
    }

    static List<BigInteger> coefficients(Bytes c, int count) {
        return EcdhProof.lambdas(c, count).stream()
                .map(piece -> new BigInteger(1, piece.toByteArray()))
                .toList();
    }

    /** As a positive value is hashed: INT length, big-endian magnitude without leading zero. */
    private static Bytes mpi(BigInteger value) {
        byte[] twosComplement = value.toByteArray();
        int sign = twosComplement[0] == 0 ? 1 : 0;
        int length = twosComplement.length - sign;
        return Bytes.of(ByteBuffer.allocate(4 + length)
                .putInt(length)
                .put(twosComplement, sign, length)
                .array());
    }
}
