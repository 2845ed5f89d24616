package prekeeper.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An element of the group of Ed448, the curve x² + y² = 1 + d·x²·y² with d = −39081 (RFC 8032, 5.2), in extended
 * coordinates (X : Y : Z : T) with x = X/Z, y = Y/Z, T = X·Y/Z. Immutable.
 *
 * <p>The formulas are complete (d is no square), so no case needs a branch. What its methods say of time holds:
 * {@link #multiScalar} and everything that decodes or compares are for public data; {@link Comb} multiplies by secrets.
 */
final class GroupElement {
    /** −d. */
    private static final int MINUS_D = 39081;

    private static final long[] ZERO = Field448.of(0);
    private static final long[] ONE = Field448.of(1);
    private static final long[] D = difference(ZERO, Field448.of(MINUS_D));

    private static final int WNAF_WIDTH = 5;
    /** The largest digit: odd multiples of each point up to it are kept for one {@link #multiScalar}. */
    private static final int MOST = (1 << (WNAF_WIDTH - 1)) - 1;

    /** B of {@link #isQuadruple}: 4/(1 − d). */
    private static final long[] HALVING_B = product(Field448.of(4), inverse(Field448.of(MINUS_D + 1)));

    static final GroupElement IDENTITY = new GroupElement(ZERO, ONE, ONE, ZERO);

    /** G (RFC 8032, 5.2, "B"). {@code GroupElementTest} ties it to the RFC's coordinates. */
    static final GroupElement BASE = decode(
                    new Point(Bytes.fromHex("14fa30f25b790898adc8d74e2c13bdfdc4397ce61cffd33ad7c2a005"
                            + "1e9c78874098a36c7373ea4b62c7c9563720768824bcb66e71463f6900")))
            .orElseThrow();

    private final long[] x;
    private final long[] y;
    private final long[] z;
    private final long[] t;
    /** What an addition takes of T. */
    private final long[] dt;

    /** All coordinates of size 1 ({@link Field448}); Z is {@link #ONE} itself where that is known. */
    private GroupElement(long[] x, long[] y, long[] z, long[] t) {
        this.x = x;
        this.y = y;
        this.z = z;
        this.t = t;
        dt = product(t, D);
    }

    private static long[] product(long[] a, long[] b) {
        long[] product = new long[Field448.LIMBS];
        Field448.mul(a, b, product);
        return product;
    }

    private static long[] square(long[] a) {
        long[] square = new long[Field448.LIMBS];
        Field448.sqr(a, square);
        return square;
    }

    private static long[] sum(long[] a, long[] b) {
        long[] sum = new long[Field448.LIMBS];
        Field448.add(a, b, sum);
        return sum;
    }

    private static long[] difference(long[] a, long[] b) {
        long[] difference = new long[Field448.LIMBS];
        Field448.sub(a, b, difference);
        return difference;
    }

    private static long[] inverse(long[] a) {
        long[] inverse = new long[Field448.LIMBS];
        Field448.inv(a, inverse);
        return inverse;
    }

    private static long[] inverseVar(long[] a) {
        long[] inverse = new long[Field448.LIMBS];
        Field448.invVar(a, inverse);
        return inverse;
    }

    /** RFC 8032, 5.2.3. Empty for y ≥ p, for a y that no x belongs to, and for x = 0 with the sign bit set. */
    static Optional<GroupElement> decode(Point point) {
        byte[] encoded = point.encoded().toByteArray();
        long[] y = Field448.decode(encoded);
        boolean odd = encoded[Point.BYTES - 1] != 0;
        byte[] canonical = new byte[Point.BYTES];
        Field448.encode(y, canonical);
        canonical[Point.BYTES - 1] = (byte) (odd ? 0x80 : 0);
        if (!Bytes.of(canonical).equals(point.encoded())) {
            return Optional.empty();
        }

        long[] y2 = square(y);
        long[] x = new long[Field448.LIMBS];
        if (!Field448.sqrtRatioVar(difference(ONE, y2), difference(ONE, product(y2, D)), x)) { // (1 − y²)/(1 − d·y²)
            return Optional.empty();
        }
        if (odd != Field448.isOdd(x)) {
            if (Field448.isZero(x)) {
                return Optional.empty();
            }
            Field448.sub(ZERO, x, x);
        }
        return Optional.of(new GroupElement(x, y, ONE, product(x, y)));
    }

    Point encode() {
        return encodeAffine(z == ONE ? this : affine(List.of(this)).get(0));
    }

    /** The same of an element that is public. */
    Point encodeVar() {
        return encodeAffine(z == ONE ? this : affineVar(List.of(this)).get(0));
    }

    private static Point encodeAffine(GroupElement affine) {
        byte[] encoded = new byte[Point.BYTES];
        Field448.encode(affine.y, encoded);
        encoded[Point.BYTES - 1] = (byte) (Field448.isOdd(affine.x) ? 0x80 : 0);
        return new Point(Bytes.of(encoded));
    }

    /** The same {@code elements} with Z = 1, for one inversion (Montgomery's trick). */
    static List<GroupElement> affine(List<GroupElement> elements) {
        return affine(elements, GroupElement::inverse);
    }

    /** The same of elements that are public. */
    static List<GroupElement> affineVar(List<GroupElement> elements) {
        return affine(elements, GroupElement::inverseVar);
    }

    private static List<GroupElement> affine(List<GroupElement> elements, UnaryOperator<long[]> inversion) {
        List<long[]> products = new ArrayList<>(); // of the Zs before each
        long[] all = ONE;
        for (GroupElement element : elements) {
            products.add(all);
            all = product(all, element.z);
        }
        long[] inverse = inversion.apply(all);
        GroupElement[] affine = new GroupElement[elements.size()];
        for (int i = affine.length - 1; i >= 0; i--) {
            GroupElement element = elements.get(i);
            long[] z = product(inverse, products.get(i));
            inverse = product(inverse, element.z);
            long[] x = product(element.x, z);
            long[] y = product(element.y, z);
            affine[i] = new GroupElement(x, y, ONE, product(x, y));
        }
        return List.of(affine);
    }

    boolean isIdentity() {
        return Field448.isZero(x) && Field448.isZero(difference(y, z));
    }

    /** Whether it lies in the subgroup that G generates. */
    boolean isInPrimeOrderSubgroup() {
        return Field448.isZero(x) ? isIdentity() : isQuadruple();
    }

    /**
     * Whether this, which has x ≠ 0, lies in the subgroup that G generates: whether it is four times another point, which
     * two halvings tell (Pornin, "Point-Halving and Subgroup Membership in Twisted Edwards Curves").
     *
     * <p>On the curve V² = U·(U² + A·U + B²) with U = B·(1 + y)/(1 − y), V = B·U/x, B = 4/(1 − d), A = 2·B·(1 + d)/(1 − d)
     * a point is a double exactly when U is a square, for it has one point of order 2. With w² = U the halves Q and
     * Q + (0, 0) of a double have s = U(Q) + B²/U(Q) = 2·w² ± 2·B·w/x, with the one sign that makes s + A a square; and U(Q) is
     * a square exactly when s + 2·B is. That sign need not be found: the product of s + 2·B for both is 4·U·(2·B − A), a
     * square as −d is one. Nor do the factors 2 count, which is a square, or X², which takes the denominators away.
     */
    private boolean isQuadruple() {
        long[] w = new long[Field448.LIMBS];
        if (!Field448.sqrtRatioVar(product(HALVING_B, sum(z, y)), difference(z, y), w)) {
            return false;
        }
        long[] wx = product(w, x);
        long[] half = product(wx, sum(wx, product(HALVING_B, z)));
        return Field448.isSquareVar(sum(half, product(HALVING_B, square(x))));
    }

    GroupElement negated() {
        return new GroupElement(difference(ZERO, x), y, z, difference(ZERO, t));
    }

    GroupElement plus(GroupElement other) {
        Sum sum = new Sum(this);
        sum.add(other);
        return sum.element();
    }

    GroupElement doubled() {
        Sum sum = new Sum(this);
        sum.twice();
        return sum.element();
    }

    /** {@code mask} all ones: {@code ifSet}; zero: {@code otherwise}. Constant-time. */
    static GroupElement select(long mask, GroupElement ifSet, GroupElement otherwise) {
        return new GroupElement(
                Field448.select(mask, ifSet.x, otherwise.x),
                Field448.select(mask, ifSet.y, otherwise.y),
                Field448.select(mask, ifSet.z, otherwise.z),
                Field448.select(mask, ifSet.t, otherwise.t));
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
        Sum sum = new Sum(IDENTITY);
        for (int bit = length - 1; bit >= 0; bit--) {
            sum.twice();
            for (int i = 0; i < count; i++) {
                int digit = bit < digits[i].length ? digits[i][bit] : 0;
                if (digit != 0) {
                    sum.add(oddMultiples[i][(digit + MOST) / 2]);
                }
            }
        }
        return sum.element();
    }

    /** −{@link #MOST}, …, −3, −1, 1, 3, …, {@link #MOST} times this. */
    private GroupElement[] oddMultiples() {
        GroupElement[] multiples = new GroupElement[MOST + 1];
        GroupElement twice = doubled();
        GroupElement multiple = this;
        for (int i = 1; i <= MOST; i += 2) {
            multiples[(MOST + i) / 2] = multiple;
            multiples[(MOST - i) / 2] = multiple.negated();
            multiple = multiple.plus(twice);
        }
        return multiples;
    }

    /** Writes this, whose Z is 1, for {@link Affine} to {@code table}. */
    void writeAffine(long[] table, int offset) {
        System.arraycopy(x, 0, table, offset, Field448.LIMBS);
        System.arraycopy(y, 0, table, offset + Field448.LIMBS, Field448.LIMBS);
        System.arraycopy(dt, 0, table, offset + 2 * Field448.LIMBS, Field448.LIMBS);
    }

    /** Never the coordinates, which may be secret. */
    @Override
    public String toString() {
        return "GroupElement";
    }

    /** Room for one entry of a table: x, y and d·x·y. */
    static final class Affine {
        static final int LONGS = 3 * Field448.LIMBS;

        private final long[] x = new long[Field448.LIMBS];
        private final long[] y = new long[Field448.LIMBS];
        private final long[] dt = new long[Field448.LIMBS];
        private final long[] negative = new long[Field448.LIMBS];

        void read(long[] table, int offset) {
            System.arraycopy(table, offset, x, 0, Field448.LIMBS);
            System.arraycopy(table, offset + Field448.LIMBS, y, 0, Field448.LIMBS);
            System.arraycopy(table, offset + 2 * Field448.LIMBS, dt, 0, Field448.LIMBS);
        }

        /** Reads entry {@code index} of {@code count}, having looked at each: the same steps for any index. */
        void select(long[] table, int offset, int count, int index) {
            select(table, offset, count, index, x);
            select(table, offset + Field448.LIMBS, count, index, y);
            select(table, offset + 2 * Field448.LIMBS, count, index, dt);
        }

        /** One coordinate at a time, since its limbs fit into the registers. */
        private static void select(long[] table, int offset, int count, int index, long[] value) {
            int wanted = offset + index * LONGS;
            long limb0 = 0;
            long limb1 = 0;
            long limb2 = 0;
            long limb3 = 0;
            long limb4 = 0;
            long limb5 = 0;
            long limb6 = 0;
            long limb7 = 0;
            for (int at = offset; at < offset + count * LONGS; at += LONGS) {
                long mask = ((long) (at ^ wanted) - 1) >> 63;
                limb0 |= table[at] & mask;
                limb1 |= table[at + 1] & mask;
                limb2 |= table[at + 2] & mask;
                limb3 |= table[at + 3] & mask;
                limb4 |= table[at + 4] & mask;
                limb5 |= table[at + 5] & mask;
                limb6 |= table[at + 6] & mask;
                limb7 |= table[at + 7] & mask;
            }
            value[0] = limb0;
            value[1] = limb1;
            value[2] = limb2;
            value[3] = limb3;
            value[4] = limb4;
            value[5] = limb5;
            value[6] = limb6;
            value[7] = limb7;
        }

        /** Where {@code mask} is all ones this becomes its negative; where it is zero it stays. Constant-time. */
        void negateIf(long mask) {
            negateIf(mask, x);
            negateIf(mask, dt);
        }

        private void negateIf(long mask, long[] value) {
            Field448.sub(ZERO, value, negative);
            for (int i = 0; i < Field448.LIMBS; i++) {
                value[i] ^= (value[i] ^ negative[i]) & mask;
            }
        }
    }

    /**
     * A sum that grows in place (Hisil and others, "Twisted Edwards Curves Revisited", sections 3.1 and 3.3 with a = 1). Takes
     * the same steps whatever is added.
     */
    static final class Sum {
        private final long[] x;
        private final long[] y;
        private final long[] z;
        /** T = E·H, which only an addition needs, and then multiplies. */
        private final long[] e;

        private final long[] h;

        private final long[] a = new long[Field448.LIMBS];
        private final long[] b = new long[Field448.LIMBS];
        private final long[] c = new long[Field448.LIMBS];
        private final long[] d = new long[Field448.LIMBS];
        private final long[] f = new long[Field448.LIMBS];
        private final long[] g = new long[Field448.LIMBS];

        Sum(GroupElement start) {
            x = start.x.clone();
            y = start.y.clone();
            z = start.z.clone();
            e = start.t.clone();
            h = ONE.clone();
        }

        void add(GroupElement other) {
            Field448.mul(z, other.z, d);
            add(other.x, other.y, other.dt);
        }

        void add(Affine other) {
            System.arraycopy(z, 0, d, 0, Field448.LIMBS);
            add(other.x, other.y, other.dt);
        }

        /** A = X1·X2, B = Y1·Y2, C = d·T1·T2, D = Z1·Z2, which stands already, E = (X1 + Y1)·(X2 + Y2) − A − B. */
        private void add(long[] x2, long[] y2, long[] dt2) {
            Field448.mul(e, h, c);
            Field448.mul(c, dt2, c);
            Field448.mul(x, x2, a);
            Field448.mul(y, y2, b);
            Field448.add(x, y, e);
            Field448.add(x2, y2, f);
            Field448.mul(e, f, e);
            Field448.add(a, b, f);
            Field448.sub(e, f, e);
            Field448.sub(d, c, f); // F = D − C
            Field448.add(d, c, g); // G = D + C
            Field448.sub(b, a, h); // H = B − A
            finish();
        }

        /** A = X², B = Y², C = 2·Z², E = (X + Y)² − A − B. */
        void twice() {
            Field448.sqr(x, a);
            Field448.sqr(y, b);
            Field448.sqr(z, c);
            Field448.add(c, c, c);
            Field448.add(x, y, e);
            Field448.sqr(e, e);
            Field448.add(a, b, g); // G = A + B
            Field448.sub(e, g, e);
            Field448.sub(g, c, f); // F = G − C
            Field448.sub(a, b, h); // H = A − B
            finish();
        }

        void twice(int times) {
            for (int i = 0; i < times; i++) {
                twice();
            }
        }

        private void finish() {
            Field448.mul(e, f, x);
            Field448.mul(g, h, y);
            Field448.mul(f, g, z);
        }

        GroupElement element() {
            return new GroupElement(x.clone(), y.clone(), z.clone(), product(e, h));
        }
    }
}
