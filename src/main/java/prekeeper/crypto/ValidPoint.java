package prekeeper.crypto;

import java.util.List;
import java.util.Optional;

/**
 * A point that decodes, is not the identity and lies in the subgroup of prime order: the only kind that keys, signatures
 * and proofs are made or checked with (OTRv4, "Verifying that a point is on the curve"). Public data, immutable. What it
 * has been multiplied with once weighs 3 kB more.
 */
public final class ValidPoint {
    private final Point point;
    private final GroupElement element;
    /** Made when it is first needed; that two threads may make it does no harm, for it is immutable. */
    private Comb comb;
    /** A larger one, for public scalars; null unless this is multiplied for long. */
    private Comb combForLong;

    private ValidPoint(Point point, GroupElement element) {
        this.point = point;
        this.element = element;
    }

    /** Validates {@code point}, in variable time; empty when it is invalid. */
    public static Optional<ValidPoint> of(Point point) {
        return GroupElement.decode(point)
                .filter(element -> !element.isIdentity() && element.isInPrimeOrderSubgroup())
                .map(element -> new ValidPoint(point, element));
    }

    /** {@code scalar} times this and {@code ofBase} times G, both public. */
    GroupElement timesPlusBaseVar(Scalar scalar, Scalar ofBase) {
        if (combForLong != null) {
            return combForLong.timesPlusBaseVar(scalar, ofBase);
        }
        return comb == null
                ? Comb.PUBLIC_BASE.timesVar(ofBase).plus(GroupElement.multiScalar(List.of(scalar), List.of(element)))
                : comb.timesPlusBaseVar(scalar, ofBase);
    }

    /** Prepares this for being in rings for as long as a server runs; it weighs 98 kB then. */
    public void keepForLong() {
        combForLong = Comb.forLong(element);
    }

    /** Skips the checks for a public key that we made ourselves. */
    static ValidPoint trusted(GroupElement element) {
        return new ValidPoint(element.encode(), element);
    }

    public Point point() {
        return point;
    }

    GroupElement element() {
        return element;
    }

    /** This, prepared for multiplication; kept for as long as this is, for whoever multiplies once does so again. */
    Comb comb() {
        Comb made = comb;
        if (made == null) {
            made = new Comb(element);
            comb = made;
        }
        return made;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ValidPoint that && point.equals(that.point);
    }

    @Override
    public int hashCode() {
        return point.hashCode();
    }

    @Override
    public String toString() {
        return point.toString();
    }
}
