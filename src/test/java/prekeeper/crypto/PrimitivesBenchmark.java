package prekeeper.crypto;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bouncycastle.math.ec.rfc8032.Ed448;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the mathematics costs, piece by piece. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class PrimitivesBenchmark {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Bytes MESSAGE = Bytes.of(RANDOM.generateSeed(64));

    /** Several keys in turns, so that nothing gets used to one. */
    @State(Scope.Thread)
    public static class Keys {
        private static final int COUNT = 64;

        private final List<Ed448KeyPair> pairs = pairs(COUNT);
        private final List<ValidPoint> valid =
                pairs.stream().map(Ed448KeyPair::publicKey).toList();
        private final List<Point> points = valid.stream().map(ValidPoint::point).toList();
        private final List<Bytes> signatures =
                pairs.stream().map(pair -> pair.sign(MESSAGE)).toList();
        private int turn;

        private int next() {
            turn = (turn + 1) % COUNT;
            return turn;
        }

        /** One verification; true. */
        public boolean bouncyCastleVerify() {
            int i = next();
            return require(Ed448.verify(
                    signatures.get(i).toByteArray(),
                    0,
                    points.get(i).encoded().toByteArray(),
                    0,
                    new byte[0],
                    MESSAGE.toByteArray(),
                    0,
                    MESSAGE.length()));
        }
    }

    /** One ring in each draft. */
    @State(Scope.Thread)
    public static class Rings {
        @Param
        Suite suite;

        private Ring ring;
        private Ed448KeyPair signer;
        private RingSignature signature;

        @Setup
        public void sign() {
            List<Ed448KeyPair> members = pairs(3);
            signer = members.get(1);
            ring = Ring.of(
                            suite,
                            members.get(0).publicKey(),
                            signer.publicKey(),
                            members.get(2).publicKey())
                    .orElseThrow();
            signature = ring.sign(signer, MESSAGE, RANDOM);
        }
    }

    /** Points and the proof of their secrets. */
    @State(Scope.Thread)
    public static class EcdhProofs {
        @Param
        Suite suite;

        @Param({"1", "10", "100", "255"})
        int count;

        private List<ValidPoint> points;
        private EcdhProof proof;

        @Setup
        public void prove() {
            List<Ed448KeyPair> proven = pairs(count);
            points = proven.stream().map(Ed448KeyPair::publicKey).toList();
            proof = EcdhProof.prove(suite, KdfUsage.PROOF_MESSAGE_ECDH, proven, MESSAGE, RANDOM);
        }
    }

    /** Values of the 3072-bit group and the proof of their secrets. */
    @State(Scope.Thread)
    public static class DhProofs {
        @Param({"1", "10", "100", "255"})
        int count;

        private List<BigInteger> values;
        private DhProof proof;

        @Setup
        public void prove() {
            List<DhKeyPair> proven = Stream.generate(() -> DhKeyPair.generate(RANDOM))
                    .limit(count)
                    .toList();
            values = proven.stream().map(DhKeyPair::publicValue).toList();
            proof = DhProof.prove(proven, MESSAGE, RANDOM);
        }
    }

    /** One value of the 3072-bit group. */
    @State(Scope.Thread)
    public static class DhValue {
        private final BigInteger value = DhKeyPair.generate(RANDOM).publicValue();
    }

    /** Something to hash: a key, and as much as 255 prekey messages are. */
    @State(Scope.Thread)
    public static class Hashed {
        @Param({"64", "122400"})
        int bytes;

        private Bytes value;

        @Setup
        public void make() {
            value = Bytes.of(new byte[bytes]);
        }
    }

    private static List<Ed448KeyPair> pairs(int count) {
        return Stream.generate(() -> Ed448KeyPair.generate(RANDOM)).limit(count).toList();
    }

    /** The yardstick. */
    @Benchmark
    public boolean bouncyCastleVerify(Keys keys) {
        return keys.bouncyCastleVerify();
    }

    @Benchmark
    public Optional<GroupElement> decode(Keys keys) {
        return GroupElement.decode(keys.points.get(keys.next()));
    }

    @Benchmark
    public Optional<ValidPoint> validate(Keys keys) {
        return ValidPoint.of(keys.points.get(keys.next()));
    }

    /** The multiplication of the base point is nearly all of it. */
    @Benchmark
    public Ed448KeyPair makeKeyPair() {
        return Ed448KeyPair.generate(RANDOM);
    }

    /** The multiplication of any point is nearly all of it. */
    @Benchmark
    public Optional<SecretBytes> ecdh(Keys keys) {
        int i = keys.next();
        return keys.pairs.get(i).ecdh(Suite.SPEC, keys.valid.get(Keys.COUNT - 1 - i));
    }

    @Benchmark
    public Bytes sign(Keys keys) {
        return keys.pairs.get(keys.next()).sign(MESSAGE);
    }

    @Benchmark
    public boolean verify(Keys keys) {
        int i = keys.next();
        return require(Eddsa.verify(keys.valid.get(i), MESSAGE, keys.signatures.get(i)));
    }

    @Benchmark
    public RingSignature ringSign(Rings rings) {
        return rings.ring.sign(rings.signer, MESSAGE, RANDOM);
    }

    @Benchmark
    public boolean ringVerify(Rings rings) {
        return require(rings.ring.verify(rings.signature, MESSAGE));
    }

    @Benchmark
    public boolean ecdhProof(EcdhProofs proofs) {
        return require(proofs.proof.verify(proofs.suite, KdfUsage.PROOF_MESSAGE_ECDH, proofs.points, MESSAGE));
    }

    @Benchmark
    public boolean dhValidity(DhValue value) {
        return require(DhGroup.isValid(value.value));
    }

    @Benchmark
    public boolean dhProof(DhProofs proofs) {
        return require(proofs.proof.verify(proofs.values, MESSAGE));
    }

    @Benchmark
    public Bytes kdf(Hashed hashed) {
        return Kdf.hash(KdfUsage.AUTH, Kdf.BYTES, hashed.value);
    }

    /** What is refused may cost less, and would be no measurement. */
    private static boolean require(boolean right) {
        if (!right) {
            throw new IllegalStateException("what is right was refused");
        }
        return true;
    }
}
