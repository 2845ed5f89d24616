package prekeeper.crypto;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Looks for secrets that show in how long something takes: every operation on secrets is timed with one fixed secret and with
 * random ones, in random order, and the two are compared. bin/timing-leaks runs it and says what its figures mean.
 *
 * <p>It sees what a caller sees, the time of whole operations. What it does not find may still leak by a cache or too little to be
 * found in the time that it had; the operation that leaks on purpose shows how little is found.
 */
final class TimingLeaks {
    private static final int BATCH = 64;
    private static final int CALIBRATION = 2_000;
    /** Operations on scalars take less than a clock can tell. */
    private static final int REPETITIONS = 64;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Bytes MESSAGE = Bytes.of(new byte[64]);

    /** 446 bits, all but the top one set: the longest run of ones of a scalar. */
    private static final byte[] ONES = ones();

    private static final byte[] ONE = Scalar.ONE.toLittleEndian(Scalar.BYTES);

    /** Where results go, so that no compiler finds that nobody wants them. */
    @SuppressWarnings("unused")
    private static volatile Object result;

    /**
     * What is timed.
     *
     * @param prepare makes the work of kind 0, with the fixed secret, or 1, with a random one; both are objects of the same class, so
     *     that a JIT compiler treats them alike
     */
    private record Operation(String name, boolean leaks, IntFunction<Supplier<?>> prepare) {

        /**
         * An operation on a secret of some bytes.
         *
         * <p>Both kinds are made by the same steps, to the last copy: where a secret lies in memory, and how long ago it was written,
         * can be told from the time of its use.
         */
        static Operation of(String name, byte[] fixed, Function<byte[], Supplier<?>> use) {
            return new Operation(name, false, kind -> {
                byte[] secret = new byte[fixed.length];
                RANDOM.nextBytes(secret);
                int isFixed = kind - 1;
                for (int i = 0; i < secret.length; i++) {
                    secret[i] ^= (byte) ((secret[i] ^ fixed[i]) & isFixed);
                }
                return use.apply(secret);
            });
        }

        Operation leaking() {
            return new Operation(name, true, prepare);
        }
    }

    private TimingLeaks() {}

    /** One number: seconds for each operation. Ends with status 1 when an operation leaks, or the one that does was not found. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        double seconds = Double.parseDouble(arguments[0]);
        boolean good = true;
        for (Operation operation : operations()) {
            TimingComparison comparison = compare(operation, seconds);
            double t = comparison.t();
            boolean found = Math.abs(t) > TimingComparison.CERTAIN;
            good &= found == operation.leaks;
            System.out.printf(
                    Locale.ROOT,
                    "%-62s t = %7.2f of %,9d  %s%n",
                    operation.name,
                    t,
                    comparison.count(),
                    verdict(operation, Math.abs(t)));
        }
        System.exit(good ? 0 : 1);
    }

    private static String verdict(Operation operation, double t) {
        if (operation.leaks) {
            return t > TimingComparison.CERTAIN ? "found, as it must be" : "NOT FOUND: this run says nothing";
        }
        if (t > TimingComparison.CERTAIN) {
            return "LEAKS";
        }
        return t > TimingComparison.SUSPICIOUS ? "suspicious: measure longer" : "no difference found";
    }

    private static List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        operations.add(scalar("a multiplication that skips zero digits, on purpose", ONES, TimingLeaks::leak)
                .leaking());
        operations.add(scalar("base point times 1", ONE, TimingLeaks::multiplyBase));
        operations.add(scalar("base point times a run of ones", ONES, TimingLeaks::multiplyBase));
        operations.add(scalar("any point times 1", ONE, TimingLeaks::multiplyAny));
        operations.add(scalar("any point times a run of ones", ONES, TimingLeaks::multiplyAny));
        operations.add(scalar("scalar 1: product, sum, negative, choice, encoding", ONE, TimingLeaks::calculate));
        operations.add(
                scalar("scalar of ones: product, sum, negative, choice, encoding", ONES, TimingLeaks::calculate));
        byte[] key = symmetricKey();
        operations.add(Operation.of("key pair from a symmetric key", key, made -> {
            SecretBytes secret = SecretBytes.adopt(made);
            return () -> Ed448KeyPair.fromSymmetricKey(secret);
        }));
        ValidPoint theirs = pair(symmetricKey()).publicKey();
        for (Suite suite : Suite.values()) {
            operations.add(pair("ECDH, " + suite, key, pair -> () -> pair.ecdh(suite, theirs)));
        }
        operations.add(pair("EdDSA signature", key, pair -> () -> pair.sign(MESSAGE)));
        for (Suite suite : Suite.values()) {
            operations.add(pair("ring signature of one member, " + suite, key, pair -> signAs(suite, pair, 1)));
        }
        operations.add(Operation.of(
                "ring signature of the first or any member",
                new byte[1],
                position -> signAs(Suite.SPEC, pair(symmetricKey()), (position[0] & 0xFF) % 3)));
        return operations;
    }

    private static Operation scalar(String name, byte[] fixed, Function<Scalar, Supplier<?>> use) {
        return Operation.of(name, fixed, secret -> use.apply(Scalar.fromLittleEndian(secret)));
    }

    private static Operation pair(String name, byte[] fixed, Function<Ed448KeyPair, Supplier<?>> use) {
        return Operation.of(name, fixed, secret -> use.apply(pair(secret)));
    }

    private static Supplier<?> multiplyBase(Scalar secret) {
        return () -> Comb.BASE.times(secret);
    }

    private static Supplier<?> multiplyAny(Scalar secret) {
        Comb point = new Comb(Comb.BASE.times(Scalar.random(RANDOM)));
        return () -> point.times(secret);
    }

    private static Supplier<?> calculate(Scalar secret) {
        Scalar other = Scalar.random(RANDOM);
        return () -> {
            Scalar value = secret;
            for (int i = 0; i < REPETITIONS; i++) {
                value = Scalar.select(-1, secret.times(other).plus(secret), value)
                        .minus(secret.negated());
                value = value.plus(Scalar.fromLittleEndian(secret.toLittleEndian(Scalar.BYTES)));
            }
            return value;
        };
    }

    private static Supplier<?> signAs(Suite suite, Ed448KeyPair signer, int position) {
        List<ValidPoint> keys = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            keys.add((i == position ? signer : pair(symmetricKey())).publicKey());
        }
        Ring ring = Ring.of(suite, keys.get(0), keys.get(1), keys.get(2)).orElseThrow();
        return () -> ring.sign(signer, MESSAGE, RANDOM);
    }

    /** Multiplies bit by bit and skips those that are zero: half of a random scalar's. */
    private static Supplier<?> leak(Scalar secret) {
        return () -> {
            GroupElement sum = GroupElement.IDENTITY;
            for (int i = 8 * Scalar.BYTES - 1; i >= 0; i--) {
                sum = sum.plus(sum);
                if (secret.bit(i) != 0) {
                    sum = sum.plus(GroupElement.BASE);
                }
            }
            return sum;
        };
    }

    private static byte[] symmetricKey() {
        byte[] key = new byte[Ed448KeyPair.SYMMETRIC_KEY_BYTES];
        RANDOM.nextBytes(key);
        return key;
    }

    private static Ed448KeyPair pair(byte[] symmetricKey) {
        return Ed448KeyPair.fromSymmetricKey(SecretBytes.copyOf(symmetricKey));
    }

    private static byte[] ones() {
        byte[] ones = new byte[Scalar.BYTES];
        Arrays.fill(ones, (byte) 0xFF);
        ones[Scalar.BYTES - 1] = 0x1F; // 2^445 − 1
        return ones;
    }

    /** Compares for so long, after a quarter of that in which the code is compiled and the measurements are thrown away. */
    private static TimingComparison compare(Operation operation, double seconds) {
        for (long end = after(seconds / 4); System.nanoTime() < end; ) {
            measure(operation, new double[BATCH], new int[BATCH]);
        }
        double[] first = new double[CALIBRATION / BATCH * BATCH];
        double[] nanos = new double[BATCH];
        int[] kinds = new int[BATCH];
        for (int i = 0; i < first.length; i += BATCH) {
            measure(operation, nanos, kinds);
            System.arraycopy(nanos, 0, first, i, BATCH);
        }
        TimingComparison comparison = new TimingComparison(first);
        for (long end = after(seconds); System.nanoTime() < end; ) {
            measure(operation, nanos, kinds);
            for (int i = 0; i < BATCH; i++) {
                comparison.add(kinds[i], nanos[i]);
            }
        }
        return comparison;
    }

    private static long after(double seconds) {
        return System.nanoTime() + (long) (seconds * 1e9);
    }

    private static void measure(Operation operation, double[] nanos, int[] kinds) {
        List<Supplier<?>> uses = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            kinds[i] = RANDOM.nextInt(2);
            uses.add(operation.prepare.apply(kinds[i]));
        }
        for (int i = 0; i < BATCH; i++) {
            long begin = System.nanoTime();
            result = uses.get(i).get();
            nanos[i] = System.nanoTime() - begin;
        }
    }
}
