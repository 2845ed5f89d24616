package prekeeper.crypto;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Three public keys, the owner of any of which can have made a ring signature, and nobody can tell which (OTRv4, "Ring
 * Signature Authentication").
 *
 * <p>With ring keys A1 A2 A3, the suite's base point b and message m: Ti = ri·b + ci·Ai, and a signature is right when
 * hash(G ‖ q ‖ A1 ‖ A2 ‖ A3 ‖ T1 ‖ T2 ‖ T3 ‖ m) mod q = c1 + c2 + c3 mod q.
 */
public final class Ring {
    private final Suite suite;
    private final List<ValidPoint> keys;

    private Ring(Suite suite, List<ValidPoint> keys) {
        this.suite = suite;
        this.keys = keys;
    }

    /** A ring of three keys, whose order counts; empty when two of them are equal, for such a ring proves nothing. */
    public static Optional<Ring> of(Suite suite, ValidPoint first, ValidPoint second, ValidPoint third) {
        if (first.equals(second) || second.equals(third) || first.equals(third)) {
            return Optional.empty();
        }
        return Optional.of(new Ring(suite, List.of(first, second, third)));
    }

    /**
     * Verifies in variable time.
     *
     * @param signature of any length: a wrong one is a wrong signature
     */
    public boolean verify(RingSignature signature, Bytes message) {
        if (signature.encoded().length() != RingSignature.bytes(suite)) {
            return false;
        }
        List<Point> commitments = new ArrayList<>();
        Scalar sum = Scalar.ZERO;
        for (int i = 0; i < keys.size(); i++) {
            Scalar c = scalar(signature, 2 * i);
            Scalar r = scalar(signature, 2 * i + 1);
            commitments.add(GroupElement.multiScalar(
                            List.of(suite.overG(r), c),
                            List.of(GroupElement.BASE, keys.get(i).element()))
                    .encode());
            sum = sum.plus(c);
        }
        return challenge(commitments, message).minus(sum).isZero();
    }

    /**
     * Signs as the owner of {@code signer}. Takes the same steps whichever member signs and whatever the secrets are.
     *
     * @throws IllegalArgumentException when {@code signer} is no member
     */
    public RingSignature sign(Ed448KeyPair signer, Bytes message, SecureRandom random) {
        if (!keys.contains(signer.publicKey())) {
            throw new IllegalArgumentException("the signer is no member of the ring");
        }
        Scalar t = Scalar.random(random);
        GroupElement signersCommitment = GroupElement.BASE.times(suite.overG(t));
        int[] signs = new int[keys.size()]; // all ones for the signer, zero for the others
        Scalar[] c = new Scalar[keys.size()];
        Scalar[] r = new Scalar[keys.size()];
        List<Point> commitments = new ArrayList<>();
        Scalar othersSum = Scalar.ZERO;
        for (int i = 0; i < keys.size(); i++) {
            signs[i] = mask(keys.get(i).equals(signer.publicKey()));
            c[i] = Scalar.random(random);
            r[i] = Scalar.random(random);
            GroupElement simulated = GroupElement.BASE
                    .times(suite.overG(r[i]))
                    .plus(keys.get(i).element().times(c[i]));
            commitments.add(
                    GroupElement.select(signs[i], signersCommitment, simulated).encode());
            othersSum = othersSum.plus(Scalar.select(signs[i], Scalar.ZERO, c[i]));
        }

        Scalar signersC = challenge(commitments, message).minus(othersSum);
        Scalar secret = signer.secretOverBase(suite);
        Scalar product = signersC.times(secret);
        Scalar signersR = t.minus(product);
        Bytes encoded = Bytes.EMPTY;
        for (int i = 0; i < keys.size(); i++) {
            encoded = encoded.concat(suite.encode(Scalar.select(signs[i], signersC, c[i])))
                    .concat(suite.encode(Scalar.select(signs[i], signersR, r[i])));
        }
        for (Scalar wiped : List.of(t, secret, product)) {
            wiped.wipe();
        }
        return new RingSignature(encoded);
    }

    private Scalar challenge(List<Point> commitments, Bytes message) {
        List<Bytes> hashed = new ArrayList<>();
        hashed.add(GroupElement.BASE.encode().encoded());
        hashed.add(suite.encodedOrder());
        keys.forEach(key -> hashed.add(key.point().encoded()));
        commitments.forEach(commitment -> hashed.add(commitment.encoded()));
        hashed.add(message);
        return Scalar.fromLittleEndian(Kdf.hash(KdfUsage.AUTH, suite.ringHashBytes(), hashed.toArray(Bytes[]::new)));
    }

    private Scalar scalar(RingSignature signature, int index) {
        int length = suite.scalarBytes();
        return Scalar.fromLittleEndian(signature.encoded().slice(index * length, (index + 1) * length));
    }

    private static int mask(boolean all) {
        return all ? -1 : 0;
    }
}
