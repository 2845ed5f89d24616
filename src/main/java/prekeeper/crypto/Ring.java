package prekeeper.crypto;

import java.security.MessageDigest;
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
        List<GroupElement> commitments = new ArrayList<>();
        Scalar sum = Scalar.ZERO;
        for (int i = 0; i < keys.size(); i++) {
            Scalar c = scalar(signature, 2 * i);
            Scalar r = scalar(signature, 2 * i + 1);
            commitments.add(keys.get(i).timesPlusBaseVar(c, suite.overG(r)));
            sum = sum.plus(c);
        }
        return challenge(GroupElement.affineVar(commitments), message)
                .minus(sum)
                .isZero();
    }

    /**
     * Signs as the owner of {@code signer}. Takes the same steps whichever member signs and whatever the secrets are.
     *
     * @throws IllegalArgumentException when {@code signer} is no member
     */
    public RingSignature sign(Ed448KeyPair signer, Bytes message, SecureRandom random) {
        int first = mask(signer, keys.get(0));
        Order order = new Order(mask(signer, keys.get(1)), mask(signer, keys.get(2)));
        if ((first | order.second | order.last) == 0) {
            throw new IllegalArgumentException("the signer is no member of the ring");
        }
        Scalar t = Scalar.random(random);
        Scalar tOverG = suite.overG(t);
        Scalar otherC = Scalar.random(random);
        Scalar otherR = Scalar.random(random);
        Scalar anotherC = Scalar.random(random);
        Scalar anotherR = Scalar.random(random);
        List<Comb> combs = keys.stream().map(ValidPoint::comb).toList();
        List<GroupElement> commitments = order.of(
                GroupElement::select,
                Comb.BASE.times(tOverG),
                commitment(Comb.select(order.second, combs.get(0), combs.get(1)), otherC, otherR),
                commitment(Comb.select(order.last, combs.get(0), combs.get(2)), anotherC, anotherR));

        Scalar signersC = challenge(GroupElement.affine(commitments), message)
                .minus(otherC)
                .minus(anotherC);
        Scalar secret = signer.secretOverBase(suite);
        Scalar product = signersC.times(secret);
        Scalar signersR = t.minus(product);
        List<Scalar> c = order.of(Scalar::select, signersC, otherC, anotherC);
        List<Scalar> r = order.of(Scalar::select, signersR, otherR, anotherR);
        Bytes encoded = Bytes.EMPTY;
        for (int i = 0; i < keys.size(); i++) {
            encoded = encoded.concat(suite.encode(c.get(i))).concat(suite.encode(r.get(i)));
        }
        for (Scalar wiped : List.of(t, tOverG, secret, product)) {
            wiped.wipe();
        }
        return new RingSignature(encoded);
    }

    /**
     * Where the signer's and the others' stand. The signer's is made first; it changes places with what is first in the ring.
     *
     * @param second all ones when the signer is the second member, else zero
     * @param last all ones when the signer is the last member, else zero
     */
    private record Order(int second, int last) {
        private interface Selection<T> {
            T select(int mask, T ifSet, T otherwise);
        }

        <T> List<T> of(Selection<T> selection, T signers, T other, T another) {
            return List.of(
                    selection.select(second, other, selection.select(last, another, signers)),
                    selection.select(second, signers, other),
                    selection.select(last, signers, another));
        }
    }

    /** T of a member that does not sign. */
    private GroupElement commitment(Comb key, Scalar c, Scalar r) {
        return key.timesPlusBase(c, suite.overG(r));
    }

    /** @param commitments with Z = 1 */
    private Scalar challenge(List<GroupElement> commitments, Bytes message) {
        List<Bytes> hashed = new ArrayList<>();
        hashed.add(GroupElement.BASE.encode().encoded());
        hashed.add(suite.encodedOrder());
        keys.forEach(key -> hashed.add(key.point().encoded()));
        commitments.forEach(commitment -> hashed.add(commitment.encode().encoded()));
        hashed.add(message);
        return Scalar.fromLittleEndian(Kdf.hash(KdfUsage.AUTH, suite.ringHashBytes(), hashed.toArray(Bytes[]::new)));
    }

    private Scalar scalar(RingSignature signature, int index) {
        int length = suite.scalarBytes();
        return Scalar.fromLittleEndian(signature.encoded().slice(index * length, (index + 1) * length));
    }

    private static int mask(Ed448KeyPair signer, ValidPoint key) {
        return MessageDigest.isEqual(
                        signer.publicKey().point().encoded().toByteArray(),
                        key.point().encoded().toByteArray())
                ? -1
                : 0;
    }
}
