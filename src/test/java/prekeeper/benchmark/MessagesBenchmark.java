package prekeeper.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import prekeeper.client.Handshake;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.PrimitivesBenchmark;
import prekeeper.it.Scratch;
import prekeeper.service.Outcome;
import prekeeper.service.Peer;
import prekeeper.service.PrekeyService;
import prekeeper.service.Request;
import prekeeper.service.ServerIdentity;
import prekeeper.store.BlockList;
import prekeeper.store.InMemoryPrekeyStore;
import prekeeper.store.JdbcPrekeyStore;
import prekeeper.store.PrekeyStore;
import prekeeper.store.StoreSettings;
import prekeeper.wire.Armour;
import prekeeper.wire.ClientMessage;
import prekeeper.wire.Draft;
import prekeeper.wire.EnsembleQuery;
import prekeeper.wire.InstanceTag;
import prekeeper.xmpp.AccessRules;
import prekeeper.xmpp.BlockedPeers;
import prekeeper.xmpp.DomainList;
import prekeeper.xmpp.DomainPolicy;
import prekeeper.xmpp.Limits;
import prekeeper.xmpp.LiveLimits;
import prekeeper.xmpp.TinderAccounts;

/**
 * What each message costs a server, from its text to the text of the answer. What clients compute for it is not measured, and
 * every message is another account's.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx768m")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 1)
public class MessagesBenchmark {
    private static final String SERVER = "prekey.example.org";
    private static final SecureRandom RANDOM = new SecureRandom();

    /** What stands under the protocol. */
    public enum Store {
        /** Nothing: {@link NoStore}. What is measured is cryptography and decoding. */
        NONE,
        /** An H2 database in a file, synced as ever. */
        H2
    }

    /** A server and the next message that it gets. */
    @State(Scope.Thread)
    public abstract static class Exchange {
        @Param
        Draft draft;

        @Param
        Store store;

        private final Ed448KeyPair longTerm = Ed448KeyPair.generate(RANDOM);
        private final LiveLimits limits = new LiveLimits(Limits.DEFAULT);
        Publisher publisher;
        PrekeyStore kept;
        private Scratch scratch;
        private PrekeyService service;
        private int accounts;
        private Peer peer;
        private String message;
        private Outcome outcome;

        /** Prekey messages that the device publishes. */
        int prekeyMessages() {
            return 1;
        }

        @Setup
        public void start() throws IOException {
            scratch = Scratch.create();
            publisher = new Publisher(draft, prekeyMessages(), SERVER);
            InstantSource clock = InstantSource.system();
            BlockList blocked;
            if (store == Store.H2) {
                Path folder = scratch.folder();
                JdbcPrekeyStore h2 = JdbcPrekeyStore.open(
                        new StoreSettings("jdbc:h2:file:" + folder.resolve("store"), Optional.empty(), Optional.empty())
                                .withTakingsFile(folder.resolve("takings")));
                kept = h2;
                blocked = h2.blockList();
            } else {
                kept = new NoStore(publisher.stock("nobody@example.org"));
                blocked = new InMemoryPrekeyStore().blockList();
            }
            service = new PrekeyService(
                    new ServerIdentity(SERVER, longTerm),
                    kept,
                    new TinderAccounts(),
                    new AccessRules(
                            new DomainPolicy(DomainList.of("example.org"), DomainList.of("*")),
                            new BlockedPeers(blocked, clock),
                            limits,
                            clock),
                    limits::stock,
                    clock,
                    RANDOM);
        }

        @TearDown
        public void stop() {
            kept.close();
            publisher.close();
            scratch.close();
        }

        @Setup(Level.Invocation)
        public void prepare() throws Exception {
            accounts++;
            peer = new Peer("user" + accounts + "@example.org/x", "user" + accounts + "@example.org");
            message = Armour.encode(next(peer.account()));
        }

        /** What is refused costs less, and would be no measurement. */
        @TearDown(Level.Invocation)
        public void check() {
            reply(outcome);
        }

        /** What {@code account} sends next. */
        abstract Bytes next(String account) throws Exception;

        /** The answer to what {@code peer} sends before it is measured. */
        Bytes ask(Bytes earlier) {
            return reply(service.handle(peer, Request.DAKE, earlier.toByteArray()));
        }

        private static Bytes reply(Outcome outcome) {
            if (outcome instanceof Outcome.Reply reply) {
                return reply.message();
            }
            throw new IllegalStateException("no reply but " + outcome);
        }

        String exchange(Cpu cpu) throws Exception {
            long begin = cpuTime();
            outcome = service.handle(
                    peer,
                    Request.ANY,
                    Armour.decode(message, ClientMessage.MOST_BYTES).toByteArray());
            String answer = Armour.encode(reply(outcome));
            cpu.nanos += cpuTime() - begin;
            cpu.calls++;
            return answer;
        }

        private long cpuTime() {
            return store == Store.NONE ? CpuTime.ofThisThread() : CpuTime.now();
        }
    }

    /** A handshake begins. */
    public static class Dake1Exchange extends Exchange {
        @Override
        Bytes next(String account) {
            try (Handshake handshake = publisher.begin(account)) {
                return handshake.dake1().encode();
            }
        }
    }

    /** A handshake ends with a status request. */
    public static class StatusExchange extends Exchange {
        @Override
        Bytes next(String account) throws Exception {
            try (Handshake handshake = publisher.begin(account)) {
                return publisher
                        .askStatus(handshake, ask(handshake.dake1().encode()))
                        .encode();
            }
        }
    }

    /** A handshake ends with a publication, both profiles in it. */
    public static class PublicationExchange extends Exchange {
        @Param({"1", "10", "100", "255"})
        int count;

        @Override
        int prekeyMessages() {
            return count;
        }

        @Override
        Bytes next(String account) throws Exception {
            try (Handshake handshake = publisher.begin(account)) {
                return publisher
                        .publish(handshake, ask(handshake.dake1().encode()))
                        .encode();
            }
        }
    }

    /** Somebody wants one ensemble of a device that keeps enough. */
    public static class RetrievalExchange extends Exchange {
        @Override
        int prekeyMessages() {
            return 20;
        }

        @Override
        Bytes next(String account) {
            kept.publish(publisher.stock(account), Limits.DEFAULT.stock().quotas(), Instant.now());
            return new EnsembleQuery(new InstanceTag(InstanceTag.LEAST), account, "4").encode();
        }
    }

    /** CPU time while a message is answered; of all threads where there is a database, which has some of its own. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Cpu {
        public long nanos;
        public long calls;
    }

    /** A whole handshake and the yardstick, each after the other: machines differ from one minute to the next. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Compared {
        static final int VERIFICATIONS = 4;

        public long yardstickNanos;
        public long handshakeNanos;
        public long calls;
    }

    @Benchmark
    public String handshake(Dake1Exchange begin, StatusExchange end, PrimitivesBenchmark.Keys keys, Compared compared)
            throws Exception {
        Cpu cpu = new Cpu();
        long before = CpuTime.ofThisThread();
        for (int i = 0; i < Compared.VERIFICATIONS; i++) {
            keys.bouncyCastleVerify();
        }
        compared.yardstickNanos += (CpuTime.ofThisThread() - before) / Compared.VERIFICATIONS;
        String answers = begin.exchange(cpu) + end.exchange(cpu);
        compared.handshakeNanos += cpu.nanos;
        compared.calls++;
        return answers;
    }

    @Benchmark
    public String dake1(Dake1Exchange exchange, Cpu cpu) throws Exception {
        return exchange.exchange(cpu);
    }

    @Benchmark
    public String dake3Status(StatusExchange exchange, Cpu cpu) throws Exception {
        return exchange.exchange(cpu);
    }

    @Benchmark
    public String dake3Publication(PublicationExchange exchange, Cpu cpu) throws Exception {
        return exchange.exchange(cpu);
    }

    @Benchmark
    public String retrieval(RetrievalExchange exchange, Cpu cpu) throws Exception {
        return exchange.exchange(cpu);
    }
}
