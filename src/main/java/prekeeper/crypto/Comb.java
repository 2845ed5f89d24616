package prekeeper.crypto;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * A point of prime order, prepared for multiplication by secrets (signed comb: Hamburg, "Fast and compact elliptic-curve
 * cryptography", 3.3). Public data, immutable.
 *
 * <p>A scalar k is written as Σ ±2^i, i from 0 to 449, and the signs of one residue of i modulo {@code spacing} are looked
 * up together, {@code teeth} at a time: the digits of each of {@code blocks} tables.
 */
final class Comb {
    /** Digits of a scalar, the product of teeth, blocks and spacing. */
    private static final int DIGITS = 450;

    private static final int ENTRY = GroupElement.Affine.LONGS;

    /** 2^450 − 1 mod q. */
    private static final Scalar ALL_ONES =
            Scalar.of(BigInteger.ONE.shiftLeft(DIGITS).subtract(BigInteger.ONE).mod(Scalar.Q));

    private static final Scalar HALF = Scalar.QUARTER.plus(Scalar.QUARTER);

    /** For G: 30 kB, for to scan more of it for a secret costs more than it saves. */
    static final Comb BASE = new Comb(GroupElement.BASE, 6, 5);

    /** For G and scalars that are public. */
    static final Comb PUBLIC_BASE = forLong(GroupElement.BASE);

    private final int teeth;
    private final int blocks;
    private final int spacing;
    /** For each block, for each choice of signs below the highest tooth, whose own is plus: the sum of its teeth. */
    private final long[] table;

    private Comb(int teeth, int blocks, int spacing, long[] table) {
        this.teeth = teeth;
        this.blocks = blocks;
        this.spacing = spacing;
        this.table = table;
    }

    private Comb(GroupElement element, int teeth, int blocks) {
        this.teeth = teeth;
        this.blocks = blocks;
        spacing = DIGITS / teeth / blocks;
        List<GroupElement> entries = new ArrayList<>();
        GroupElement.Sum power = new GroupElement.Sum(element);
        for (int block = 0; block < blocks; block++) {
            addEntries(power, block == blocks - 1, entries);
        }
        table = new long[entries.size() * ENTRY];
        List<GroupElement> affine = GroupElement.affineVar(entries);
        for (int i = 0; i < affine.size(); i++) {
            affine.get(i).writeAffine(table, i * ENTRY);
        }
    }

    /** For an {@code element} of prime order that is multiplied with public scalars for as long as a server runs: 98 kB. */
    static Comb forLong(GroupElement element) {
        return new Comb(element, 9, 2);
    }

    /** For any {@code element} of prime order: 3 kB, made in the time of two multiplications. */
    Comb(GroupElement element) {
        this(element, 5, 1);
    }

    /** Adds the entries of one block, and brings {@code power}, the least of its teeth, to that of the next, if any. */
    private void addEntries(GroupElement.Sum power, boolean isLast, List<GroupElement> entries) {
        List<GroupElement> steps = new ArrayList<>(); // from a tooth's minus to its plus
        GroupElement sum = GroupElement.IDENTITY;
        for (int tooth = 0; tooth < teeth - 1; tooth++) {
            sum = sum.plus(power.element().negated());
            power.twice();
            steps.add(power.element());
            power.twice(spacing - 1);
        }
        sum = sum.plus(power.element());
        if (!isLast) {
            power.twice(spacing);
        }
        int first = entries.size();
        entries.add(sum);
        for (int tooth = 0; tooth < teeth - 1; tooth++) {
            for (GroupElement entry : List.copyOf(entries.subList(first, entries.size()))) {
                entries.add(entry.plus(steps.get(tooth)));
            }
        }
    }

    /** {@code scalar} times the point, in constant time. */
    GroupElement times(Scalar scalar) {
        Scalar halved = halved(scalar);
        GroupElement product = sum(Comb::select, new Term(this, halved));
        halved.wipe();
        return product;
    }

    /** {@code scalar}, which is public, times the point. */
    GroupElement timesVar(Scalar scalar) {
        return sum(Comb::copy, new Term(this, halved(scalar)));
    }

    /** {@code scalar} times the point and {@code ofBase} times G, in constant time: one chain of doublings for both. */
    GroupElement timesPlusBase(Scalar scalar, Scalar ofBase) {
        Scalar halved = halved(scalar);
        Scalar halvedOfBase = halved(ofBase);
        GroupElement sum = sum(Comb::select, new Term(this, halved), new Term(BASE, halvedOfBase));
        halved.wipe();
        halvedOfBase.wipe();
        return sum;
    }

    /** The same of scalars that are public. */
    GroupElement timesPlusBaseVar(Scalar scalar, Scalar ofBase) {
        return sum(Comb::copy, new Term(this, halved(scalar)), new Term(PUBLIC_BASE, halved(ofBase)));
    }

    /** (k + 2^450 − 1)/2 mod q: Σ (2·bit − 1)·2^i over its bits, which is twice it less 2^450 − 1, is k. */
    private static Scalar halved(Scalar k) {
        Scalar raised = k.plus(ALL_ONES);
        Scalar halved = raised.times(HALF);
        raised.wipe();
        return halved;
    }

    private record Term(Comb comb, Scalar halved) {}

    private interface Lookup {
        /** Puts the entry of {@code comb}'s {@code block} for the signs {@code digit}, as its low bits say, into {@code entry}. */
        void entry(Comb comb, int block, int digit, GroupElement.Affine entry);
    }

    /** @param terms one, or two that begin with the one of the longer spacing */
    private static GroupElement sum(Lookup lookup, Term... terms) {
        GroupElement.Sum sum = new GroupElement.Sum(GroupElement.IDENTITY);
        GroupElement.Affine entry = new GroupElement.Affine();
        for (int step = terms[0].comb.spacing - 1; step >= 0; step--) {
            sum.twice();
            for (Term term : terms) {
                if (step < term.comb.spacing) {
                    term.comb.add(term.halved, step, lookup, entry, sum);
                }
            }
        }
        return sum.element();
    }

    private void add(Scalar halved, int step, Lookup lookup, GroupElement.Affine entry, GroupElement.Sum sum) {
        for (int block = 0; block < blocks; block++) {
            int digit = 0;
            for (int tooth = 0; tooth < teeth; tooth++) {
                digit |= halved.bit((block * teeth + tooth) * spacing + step) << tooth;
            }
            lookup.entry(this, block, digit, entry);
            sum.add(entry);
        }
    }

    private void copy(int block, int digit, GroupElement.Affine entry) {
        int minus = (digit >>> (teeth - 1)) - 1; // all ones when the highest tooth is minus
        int index = (digit ^ minus) & (entries() - 1);
        entry.read(table, (block * entries() + index) * ENTRY);
        if (minus != 0) {
            entry.negateIf(-1);
        }
    }

    /** Looks at every entry of the block. */
    private void select(int block, int digit, GroupElement.Affine entry) {
        int minus = (digit >>> (teeth - 1)) - 1;
        int index = (digit ^ minus) & (entries() - 1);
        entry.select(table, block * entries() * ENTRY, entries(), index);
        entry.negateIf(minus);
    }

    private int entries() {
        return 1 << (teeth - 1);
    }

    /** {@code mask} all ones: {@code ifSet}; zero: {@code otherwise}; made alike. Constant-time. */
    static Comb select(long mask, Comb ifSet, Comb otherwise) {
        return new Comb(ifSet.teeth, ifSet.blocks, ifSet.spacing, Field448.select(mask, ifSet.table, otherwise.table));
    }
}
