package prekeeper.crypto;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Proof of possession of the secrets of Ed448 points, all in one (prekey server spec, "Proofs"; a batched Schnorr proof),
 * as it came.
 *
 * <p>For points P1 … PN: t1 … tN are cut from KDF(17, c), A = v·b − Σ ti·Pi, and the proof is right when
 * KDF(usage, A ‖ P1 ‖ … ‖ PN ‖ m) = c.
 *
 * @param c 64 bytes, the challenge
 * @param v one SCALAR of {@link Suite#scalarBytes()}; not necessarily reduced
 */
public record EcdhProof(Bytes c, Bytes v) {
    public static final int CHALLENGE_BYTES = 64;

    /** Bytes of one t; the spec's lambda of 352 bits. */
    static final int LAMBDA_BYTES = 44;

    /**
     * Proves possession of all of {@code keys}.
     *
     * @param usage {@link KdfUsage#PROOF_MESSAGE_ECDH} or {@link KdfUsage#PROOF_SHARED_ECDH}
     * @param context m, which ties the proof to one handshake
     */
    public static EcdhProof prove(
            Suite suite, KdfUsage usage, List<Ed448KeyPair> keys, Bytes context, SecureRandom random) {
        Scalar r = Scalar.random(random);
        GroupElement commitment = Comb.BASE.times(suite.overG(r));
        Bytes c = challenge(
                usage, commitment, keys.stream().map(Ed448KeyPair::publicKey).toList(), context);
        Scalar v = r;
        List<Scalar> coefficients = coefficients(c, keys.size());
        for (int i = 0; i < keys.size(); i++) {
            Scalar secret = keys.get(i).secretOverBase(suite);
            Scalar product = coefficients.get(i).times(secret);
            Scalar sum = v.plus(product);
            List.of(v, secret, product).forEach(Scalar::wipe);
            v = sum;
        }
        return new EcdhProof(c, suite.encode(v));
    }

    /** Verifies, in variable time, that whoever made this knew the secrets of all {@code points}. */
    public boolean verify(Suite suite, KdfUsage usage, List<ValidPoint> points, Bytes context) {
        GroupElement sum = GroupElement.multiScalar(
                coefficients(c, points.size()),
                points.stream().map(ValidPoint::element).toList());
        GroupElement a = Comb.PUBLIC_BASE
                .timesVar(suite.overG(Scalar.fromLittleEndian(v)))
                .plus(sum.negated());
        return challenge(usage, a, points, context).equals(c);
    }

    private static Bytes challenge(KdfUsage usage, GroupElement a, List<ValidPoint> points, Bytes context) {
        List<Bytes> hashed = new ArrayList<>();
        hashed.add(a.encode().encoded());
        points.forEach(point -> hashed.add(point.point().encoded()));
        hashed.add(context);
        return Kdf.hash(usage, CHALLENGE_BYTES, hashed.toArray(Bytes[]::new));
    }

    private static List<Scalar> coefficients(Bytes c, int count) {
        return lambdas(c, count).stream().map(Scalar::fromLittleEndian).toList();
    }

    /** KDF(17, c) cut into {@code count} pieces. */
    static List<Bytes> lambdas(Bytes c, int count) {
        Bytes all = Kdf.hash(KdfUsage.PROOF_C_LAMBDA, LAMBDA_BYTES * count, c);
        List<Bytes> pieces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pieces.add(all.slice(LAMBDA_BYTES * i, LAMBDA_BYTES * (i + 1)));
        }
        return pieces;
    }
}
