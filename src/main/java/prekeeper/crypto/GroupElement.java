package prekeeper.crypto;

import java.util.List;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc7748.X448Field;

/**
 * An element of the group of Ed448, the curve x² + y² = 1 − 39081·x²·y² (RFC 8032, 5.2), in projective coordinates
 * (X : Y : Z) with x = X/Z, y = Y/Z. Immutable. The field arithmetic is Bouncy Castle's.
 *
 * <p>The formulas are complete (−39081 is no square), so no case needs a branch. What its methods say of time holds:
 * {@link #times} is constant-time, {@link #multiScalar} and everything that decodes or compares are for public data.
 */
final class GroupElement {
    /** −d. */
    private static final int MINUS_D = 39081;

    /** Odd multiples up to 2^(5−1)−1 = 15 of a point are kept for one multiplication. */
    private static final int WNAF_WIDTH = 5;

    /** B and A of {@link #isQuadruple}: 4/39082 and −2·B·39080/39082. */
    private static final int[] HALVING_B = quotient(4, MINUS_D + 1);

    private static final int[] HALVING_A = halvingA();

    static final GroupElement IDENTITY = new GroupElement(field(0), field(1), field(1));

    /** G (RFC 8032, 5.2, "B"). {@code GroupElementTest} ties it to the RFC's coordinates. */
    static final GroupElement BASE = decode(
                    new Point(Bytes.fromHex("14fa30f25b790898adc8d74e2c13bdfdc4397ce61cffd33ad7c2a005"
                            + "1e9c78874098a36c7373ea4b62c7c9563720768824bcb66e71463f6900")))
            .orElseThrow();

    private final int[] x;
    private final int[] y;
    private final int[] z;

    private GroupElement(int[] x, int[] y, int[] z) {
        this.x = x;
        this.y = y;
        this.z = z;
    }

    private static int[] field(int small) {
        int[] value = X448Field.create();
        value[0] = small;
        return value;
    }

    private static int[] quotient(int numerator, int denominator) {
        int[] inverse = X448Field.create();
        X448Field.inv(field(denominator), inverse);
        X448Field.mul(inverse, numerator, inverse);
        return inverse;
    }

    private static int[] halvingA() {
        int[] a = X448Field.create();
        X448Field.mul(HALVING_B, quotient(2 * (MINUS_D - 1), MINUS_D + 1), a);
        X448Field.negate(a, a);
        return a;
    }

    /** RFC 8032, 5.2.3. Empty for y ≥ p, for a y that no x belongs to, and for x = 0 with the sign bit set. */
    static Optional<GroupElement> decode(Point point) {
        byte[] encoded = point.encoded().toByteArray();
        int[] y = X448Field.create();
        X448Field.decode448(encoded, y);
        int sign = encoded[Point.BYTES - 1] & 0xFF;
        byte[] canonical = new byte[Point.BYTES];
        encodeField(y, canonical);
        canonical[Point.BYTES - 1] = (byte) (sign & 0x80);
        if (!Bytes.of(canonical).equals(point.encoded())) {
            return Optional.empty();
        }

        // x² = (1 − y²) / (1 + 39081·y²)
        int[] numerator = X448Field.create();
        int[] denominator = X448Field.create();
        X448Field.sqr(y, numerator);
        X448Field.mul(numerator, MINUS_D, denominator);
        X448Field.addOne(denominator);
        X448Field.negate(numerator, numerator);
        X448Field.addOne(numerator);
        int[] x = X448Field.create();
        if (!X448Field.sqrtRatioVar(numerator, denominator, x)) {
            return Optional.empty();
        }
        X448Field.normalize(x);
        boolean odd = sign != 0;
        if (X448Field.isZeroVar(x)) {
            return odd ? Optional.empty() : Optional.of(new GroupElement(x, y, field(1)));
        }
        if (odd != ((x[0] & 1) == 1)) {
            X448Field.negate(x, x);
            X448Field.normalize(x);
        }
        return Optional.of(new GroupElement(x, y, field(1)));
    }

    Point encode() {
        int[] inverse = X448Field.create();
        X448Field.inv(z, inverse);
        int[] affineX = X448Field.create();
        int[] affineY = X448Field.create();
        X448Field.mul(x, inverse, affineX);
        X448Field.mul(y, inverse, affineY);
        X448Field.normalize(affineX);
        byte[] encoded = new byte[Point.BYTES];
        encodeField(affineY, encoded);
        encoded[Point.BYTES - 1] = (byte) ((affineX[0] & 1) << 7);
        return new Point(Bytes.of(encoded));
    }

    private static void encodeField(int[] value, byte[] encoded) {
        int[] normal = X448Field.create();
        X448Field.copy(value, 0, normal, 0);
        X448Field.normalize(normal);
        X448Field.encode(normal, encoded, 0);
    }

    boolean isIdentity() {
        int[] difference = X448Field.create();
        X448Field.sub(y, z, difference);
        X448Field.normalize(difference);
        int[] normal = X448Field.create();
        X448Field.copy(x, 0, normal, 0);
        X448Field.normalize(normal);
        return X448Field.isZeroVar(normal) && X448Field.isZeroVar(difference);
    }

    /** Whether it lies in the subgroup that G generates. */
    boolean isInPrimeOrderSubgroup() {
        int[] inverse = X448Field.create();
        X448Field.invVar(z, inverse);
        int[] affineX = X448Field.create();
        int[] affineY = X448Field.create();
        X448Field.mul(x, inverse, affineX);
        X448Field.mul(y, inverse, affineY);
        X448Field.normalize(affineX);
        return X448Field.isZeroVar(affineX) ? isIdentity() : isQuadruple(affineX, affineY);
    }

    /**
     * Whether the point (x, y), x ≠ 0, lies in the subgroup that G generates: whether it is four times another point, which
     * two halvings tell (Pornin, "Point-Halving and Subgroup Membership in Twisted Edwards Curves").
     *
     * <p>On the curve Y² = X(X² + A·X + B²) with X = B·(1 + y)/(1 − y), Y = B·X/x, B = 4/(1 − d), A = 2·B·(1 + d)/(1 − d) a
     * point is a double exactly when X is a square, for it has one point of order 2. With w² = X the halves Q and Q + (0, 0)
     * of a double have s = X(Q) + B²/X(Q) = 2w² ± 2·B·w/x, with the one sign that makes s + A a square; and X(Q) is a square
     * exactly when s + 2·B is.
     */
    private static boolean isQuadruple(int[] x, int[] y) {
        int[] numerator = X448Field.create(); // of X: 2·(1 + y)
        int[] denominator = X448Field.create(); // of X: 19541·(1 − y)
        X448Field.add(y, field(1), numerator);
        X448Field.add(numerator, numerator, numerator);
        X448Field.carry(numerator);
        X448Field.sub(field(1), y, denominator);
        X448Field.mul(denominator, (MINUS_D + 1) / 2, denominator);
        int[] w = X448Field.create();
        if (!X448Field.sqrtRatioVar(numerator, denominator, w)) {
            return false;
        }
        int[] wx = X448Field.create();
        X448Field.mul(w, x, wx);
        int[] x2 = X448Field.create();
        X448Field.sqr(x, x2);
        int[] s = scaledSum(wx, HALVING_B);
        if (!isSquare(plusProduct(s, HALVING_A, x2))) {
            int[] minusB = X448Field.create();
            X448Field.negate(HALVING_B, minusB);
            s = scaledSum(wx, minusB);
        }
        int[] twiceB = X448Field.create();
        X448Field.add(HALVING_B, HALVING_B, twiceB);
        return isSquare(plusProduct(s, twiceB, x2));
    }

    /** s·x², with the sign of {@code b}. */
    private static int[] scaledSum(int[] wx, int[] b) {
        int[] sum = X448Field.create();
        X448Field.add(wx, b, sum);
        X448Field.mul(sum, wx, sum);
        X448Field.add(sum, sum, sum);
        X448Field.carry(sum);
        return sum;
    }

    private static int[] plusProduct(int[] summand, int[] a, int[] b) {
        int[] sum = X448Field.create();
        X448Field.mul(a, b, sum);
        X448Field.add(sum, summand, sum);
        X448Field.carry(sum);
        return sum;
    }

    private static boolean isSquare(int[] value) {
        return X448Field.sqrtRatioVar(value, field(1), X448Field.create());
    }

    GroupElement negated() {
        int[] negative = X448Field.create();
        X448Field.negate(x, negative);
        return new GroupElement(negative, y, z);
    }

    /** RFC 8032, 5.2.4: A = Z1·Z2, B = A², C = X1·X2, D = Y1·Y2, E = d·C·D. */
    GroupElement plus(GroupElement other) {
        int[] a = X448Field.create();
        int[] b = X448Field.create();
        int[] c = X448Field.create();
        int[] d = X448Field.create();
        int[] minusE = X448Field.create();
        int[] f = X448Field.create();
        int[] g = X448Field.create();
        int[] h = X448Field.create();
        int[] t = X448Field.create();
        X448Field.mul(z, other.z, a);
        X448Field.sqr(a, b);
        X448Field.mul(x, other.x, c);
        X448Field.mul(y, other.y, d);
        X448Field.mul(c, d, t);
        X448Field.mul(t, MINUS_D, minusE);
        X448Field.add(b, minusE, f); // F = B − E
        X448Field.sub(b, minusE, g); // G = B + E
        X448Field.add(x, y, h);
        X448Field.add(other.x, other.y, t);
        X448Field.mul(h, t, h); // H = (X1 + Y1)·(X2 + Y2)
        X448Field.add(c, d, t);
        X448Field.carry(t);
        X448Field.sub(h, t, h); // H − C − D
        X448Field.sub(d, c, t); // D − C
        X448Field.mul(a, f, b);
        X448Field.mul(b, h, c); // X3 = A·F·(H − C − D)
        X448Field.mul(a, g, b);
        X448Field.mul(b, t, d); // Y3 = A·G·(D − C)
        X448Field.mul(f, g, a); // Z3 = F·G
        return new GroupElement(c, d, a);
    }

    /** RFC 8032, 5.2.4: B = (X + Y)², C = X², D = Y², E = C + D, J = E − 2·Z². */
    GroupElement doubled() {
        int[] b = X448Field.create();
        int[] c = X448Field.create();
        int[] d = X448Field.create();
        int[] e = X448Field.create();
        int[] j = X448Field.create();
        X448Field.add(x, y, b);
        X448Field.sqr(b, b);
        X448Field.sqr(x, c);
        X448Field.sqr(y, d);
        X448Field.add(c, d, e);
        X448Field.carry(e);
        X448Field.sqr(z, j);
        X448Field.add(j, j, j);
        X448Field.carry(j);
        X448Field.sub(e, j, j);
        X448Field.sub(b, e, b);
        X448Field.sub(c, d, c);
        X448Field.mul(b, j, b); // X3 = (B − E)·J
        X448Field.mul(e, c, c); // Y3 = E·(C − D)
        X448Field.mul(e, j, d); // Z3 = E·J
        return new GroupElement(b, c, d);
    }

    /**
     * {@code scalar} times this, in constant time: 112 windows of four bits, each with four doublings, one look at all
     * sixteen multiples and one addition.
     */
    GroupElement times(Scalar scalar) {
        GroupElement[] multiples = new GroupElement[16];
        multiples[0] = IDENTITY;
        for (int i = 1; i < multiples.length; i++) {
            multiples[i] = multiples[i - 1].plus(this);
        }
        GroupElement product = IDENTITY;
        for (int window = 2 * Scalar.BYTES - 1; window >= 0; window--) {
            product = product.doubled().doubled().doubled().doubled();
            product = product.plus(select(multiples, scalar.nibble(window)));
        }
        return product;
    }

    private static GroupElement select(GroupElement[] elements, int index) {
        GroupElement selected = new GroupElement(field(0), field(0), field(0));
        for (int i = 0; i < elements.length; i++) {
            int equal = ((i ^ index) - 1) >> 31;
            X448Field.cmov(equal, elements[i].x, 0, selected.x, 0);
            X448Field.cmov(equal, elements[i].y, 0, selected.y, 0);
            X448Field.cmov(equal, elements[i].z, 0, selected.z, 0);
        }
        return selected;
    }

    /** {@code mask} all ones: {@code ifSet}; zero: {@code otherwise}. Constant-time. */
    static GroupElement select(int mask, GroupElement ifSet, GroupElement otherwise) {
        return select(new GroupElement[] {otherwise, ifSet}, mask & 1);
    }

    /** Σ scalars[i]·elements[i] for public data: Straus' interleaving, one chain of doublings for all. */
    static GroupElement multiScalar(List<Scalar> scalars, List<GroupElement> elements) {
        int count = elements.size();
        byte[][] digits = new byte[count][];
        GroupElement[][] oddMultiples = new GroupElement[count][];
        int length = 0;
        for (int i = 0; i < count; i++) {
            digits[i] = scalars.get(i).wnaf(WNAF_WIDTH);
            oddMultiples[i] = elements.get(i).oddMultiples();
            length = Math.max(length, digits[i].length);
        }
        GroupElement sum = IDENTITY;
        for (int bit = length - 1; bit >= 0; bit--) {
            sum = sum.doubled();
            for (int i = 0; i < count; i++) {
                int digit = digits[i][bit];
                if (digit > 0) {
                    sum = sum.plus(oddMultiples[i][digit / 2]);
                } else if (digit < 0) {
                    sum = sum.plus(oddMultiples[i][-digit / 2].negated());
                }
            }
        }
        return sum;
    }

    /** 1, 3, 5, … times this. */
    private GroupElement[] oddMultiples() {
        GroupElement[] multiples = new GroupElement[1 << (WNAF_WIDTH - 2)];
        GroupElement twice = doubled();
        multiples[0] = this;
        for (int i = 1; i < multiples.length; i++) {
            multiples[i] = multiples[i - 1].plus(twice);
        }
        return multiples;
    }

    /** Never the coordinates, which may be secret. */
    @Override
    public String toString() {
        return "GroupElement";
    }
}
