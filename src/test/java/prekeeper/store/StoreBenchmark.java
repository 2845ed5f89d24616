package prekeeper.store;

import static prekeeper.store.Publishing.LATER;
import static prekeeper.store.Publishing.NOW;
import static prekeeper.store.Publishing.key;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.SecretBytes;
import prekeeper.it.PrivatePostgres;
import prekeeper.it.Scratch;
import prekeeper.store.Publication.ClientProfileEntry;
import prekeeper.store.Publication.PrekeyMessageEntry;
import prekeeper.store.Publication.PrekeyProfileEntry;
import prekeeper.wire.Draft;

/**
 * What taking and publishing cost, durably, on each engine; bin/benchmark runs it and docs/benchmarks.md has what it printed.
 *
 * <p>A small and a large store are measured in turns in one run, since machines differ more from one minute to the next than the
 * two may. It never fails on time.
 */
public final class StoreBenchmark {
    private static final int MESSAGES_A_DEVICE = 100;
    private static final int PREKEY_MESSAGE_BYTES = 480;
    private static final int PROFILE_BYTES = 320;

    /** As docs/scaling.md advises. */
    private static final List<String> POSTGRES_SETTINGS = List.of(
            "shared_buffers = '1GB'", "wal_compression = 'on'", "max_wal_size = '4GB'", "checkpoint_timeout = '15min'");

    /** Of a busy server: eight million a day. */
    private static final int OFFERED_PER_SECOND = 100;

    private static final int OFFERED_TAKERS = 16;

    private static final long QUIET_MILLIS = 10_000;
    private static final int MOST_WAITS = 18;

    private static final int ROUNDS = 20;
    private static final int TAKES_A_ROUND = 250;
    private static final Quotas QUOTAS = new Quotas(500, 8);

    private final PrintStream out;
    private final int large;
    private final int churn;

    private StoreBenchmark(PrintStream out, int large, int churn) {
        this.out = out;
        this.large = large;
        this.churn = churn;
    }

    /** Two numbers, prekey messages in the large store and rounds of churn, then {@code h2}, {@code postgres} or both. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        int large = Integer.parseInt(arguments[0]);
        int churn = Integer.parseInt(arguments[1]);
        new StoreBenchmark(System.out, large, churn).run(List.of(arguments).subList(2, arguments.length));
    }

    private void run(List<String> engines) throws Exception {
        try (Scratch scratch = Scratch.create()) {
            Path folder = Files.createDirectory(scratch.folder().resolve("stores"));
            if (engines.contains("h2")) {
                measure(h2(folder));
            }
            if (engines.contains("postgres")) {
                try (PrivatePostgres postgres = PrivatePostgres.start(scratch)) {
                    for (String setting : POSTGRES_SETTINGS) {
                        postgres.execute("postgres", "ALTER SYSTEM SET " + setting);
                    }
                    postgres.stop();
                    postgres.start();
                    measure(new PostgresEngine(postgres, folder));
                }
            }
        }
    }

    private static Engine h2(Path folder) {
        return new Engine() {
            @Override
            public String name() {
                return "H2 2.4.240";
            }

            @Override
            public StoreSettings settings(String database) {
                return new StoreSettings("jdbc:h2:file:" + folder.resolve(database), Optional.empty(), Optional.empty())
                        .withTakingsFile(folder.resolve(database + ".takings"));
            }

            @Override
            public long bytes(String database) {
                try {
                    return Files.size(folder.resolve(database + ".mv.db"));
                } catch (IOException e) {
                    throw new UncheckedIOException("no size", e);
                }
            }

            /** H2 goes on rewriting its file for a while when as much came at once as comes in days. */
            @Override
            public void settle(String database) throws Exception {
                Path file = folder.resolve(database + ".mv.db");
                FileTime written;
                int waits = 0;
                do {
                    written = Files.getLastModifiedTime(file);
                    Thread.sleep(QUIET_MILLIS);
                    waits++;
                } while (waits < MOST_WAITS && !written.equals(Files.getLastModifiedTime(file)));
            }
        };
    }

    private interface Engine {
        String name();

        /** Of a database that is made when it is missing. */
        StoreSettings settings(String database) throws Exception;

        long bytes(String database) throws Exception;

        /** Ends what filling leaves to be done in the background. */
        void settle(String database) throws Exception;
    }

    private record PostgresEngine(PrivatePostgres postgres, Path folder) implements Engine {
        @Override
        public String name() {
            return "PostgreSQL";
        }

        @Override
        public StoreSettings settings(String database) throws Exception {
            return new StoreSettings(
                            postgres.createDatabase(database),
                            Optional.of(PrivatePostgres.USER),
                            Optional.of(SecretBytes.copyOf(PrivatePostgres.PASSWORD.getBytes(StandardCharsets.UTF_8))))
                    .withTakingsFile(folder.resolve(database + ".postgres.takings"));
        }

        @Override
        public long bytes(String database) throws Exception {
            try (var connection = postgres.connect(database);
                    var statement = connection.createStatement();
                    var size = statement.executeQuery("SELECT pg_database_size('" + database + "')")) {
                size.next();
                return size.getLong(1);
            }
        }

        @Override
        public void settle(String database) throws Exception {
            postgres.execute(database, "VACUUM ANALYZE");
            postgres.execute(database, "CHECKPOINT");
        }
    }

    private void measure(Engine engine) throws Exception {
        try (Filled small = Filled.open(engine, "small", 1_000);
                Filled big = Filled.open(engine, "large", large)) {
            small.fill();
            big.fill();
            engine.settle("small");
            engine.settle("large");
            print("%s, %,d and %,d prekey messages, %d MB", engine.name(), 1_000, large, engine.bytes("large") >> 20);
            for (int threads : new int[] {1, 4, 16}) {
                compare(small, big, threads);
            }
            offer(small, big);
            sameAccount(small);
            churn(engine, big);
        }
    }

    private void compare(Filled small, Filled big, int threads) throws Exception {
        small.take(threads, TAKES_A_ROUND); // warm
        big.take(threads, TAKES_A_ROUND);
        List<Times> ofSmall = new ArrayList<>();
        List<Times> ofBig = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            ofSmall.add(small.take(threads, TAKES_A_ROUND));
            ofBig.add(big.take(threads, TAKES_A_ROUND));
        }
        Times fromSmall = Times.of(ofSmall);
        Times fromBig = Times.of(ofBig);
        print(
                "  take, %2d threads: %s from the small store, %s from the large one; ratio of medians %.2f, of means %.2f",
                threads,
                fromSmall,
                fromBig,
                fromBig.median() / fromSmall.median(),
                fromSmall.perSecond() / fromBig.perSecond());
    }

    /** Takers who come when they come, and not when the one before them is done, wait as users do. */
    private void offer(Filled small, Filled big) throws Exception {
        small.takeOffered();
        List<Times> ofSmall = new ArrayList<>();
        List<Times> ofBig = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            ofSmall.add(small.takeOffered());
            ofBig.add(big.takeOffered());
        }
        Times fromSmall = Times.of(ofSmall);
        Times fromBig = Times.of(ofBig);
        print(
                "  take, %d a second, at random moments: %s from the small store, %s from the large one; ratio of medians %.2f",
                OFFERED_PER_SECOND, fromSmall, fromBig, fromBig.median() / fromSmall.median());
    }

    private void sameAccount(Filled store) throws Exception {
        Times times = store.takeOfOne(16);
        print("  take, 16 threads, all of one account: %s; failed: %d", times, store.failures.get());
    }

    /** A device publishes as many as are taken, again and again. */
    private void churn(Engine engine, Filled store) throws Exception {
        long before = engine.bytes("large");
        List<Times> all = new ArrayList<>();
        for (int round = 0; round < churn; round++) {
            all.add(store.publishAndTakeAll(round));
        }
        int tenth = Math.max(1, churn / 10);
        Times first = Times.of(all.subList(0, tenth));
        Times last = Times.of(all.subList(churn - tenth, churn));
        print(
                "  churn of %,d times 100 published and 100 taken: take %s in the first tenth, %s in the last; ratio of medians"
                        + " %.2f; %d MB before, %d MB after",
                churn, first, last, last.median() / first.median(), before >> 20, engine.bytes("large") >> 20);
    }

    private void print(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    /** Sorted latencies, and how long all of them took together. */
    private static final class Times {
        private final long[] nanos;
        private final long wallNanos;

        private Times(long[] nanos, long wallNanos) {
            this.nanos = nanos;
            this.wallNanos = wallNanos;
        }

        static Times of(List<Times> parts) {
            return new Times(
                    parts.stream()
                            .flatMapToLong(part -> LongStream.of(part.nanos))
                            .sorted()
                            .toArray(),
                    parts.stream().mapToLong(part -> part.wallNanos).sum());
        }

        double median() {
            return millis(50);
        }

        double perSecond() {
            return nanos.length * 1e9 / wallNanos;
        }

        private double millis(int percent) {
            return nanos[(int) ((nanos.length - 1) * (long) percent / 100)] / 1e6;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f ms (p99 %.2f, %,.0f/s)", median(), millis(99), perSecond());
        }
    }

    /** A store with so many prekey messages, which takings are put back into. */
    private static final class Filled implements AutoCloseable {
        private final PrekeyStore store;
        private final int devices;
        private final AtomicInteger identifiers = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();

        private Filled(PrekeyStore store, int devices) {
            this.store = store;
            this.devices = devices;
        }

        static Filled open(Engine engine, String database, int messages) throws Exception {
            return new Filled(JdbcPrekeyStore.open(engine.settings(database)), messages / MESSAGES_A_DEVICE);
        }

        void fill() throws Exception {
            AtomicInteger next = new AtomicInteger();
            Together.togetherUntilDone(8, thread -> {
                for (int device = next.getAndIncrement(); device < devices; device = next.getAndIncrement()) {
                    publish(owner(device), MESSAGES_A_DEVICE);
                }
                return true;
            });
        }

        Times take(int threads, int takes) throws Exception {
            return measured(
                    threads, takes, () -> owner(ThreadLocalRandom.current().nextInt(devices)));
        }

        Times takeOfOne(int threads) throws Exception {
            String owner = owner(0);
            while (store.count(Publishing.device(owner, 0x100), key(1), NOW) + 50 < QUOTAS.prekeyMessages()) {
                publish(owner, 50);
            }
            return measured(threads, QUOTAS.prekeyMessages() / 2 / threads * threads, () -> owner);
        }

        /** Each measured from the moment that it was due. */
        Times takeOffered() throws Exception {
            ExecutorService takers = Executors.newFixedThreadPool(OFFERED_TAKERS);
            try {
                List<Future<Long>> waits = new ArrayList<>();
                List<String> taken = new ArrayList<>();
                long begin = System.nanoTime();
                long due = begin;
                for (int i = 0; i < TAKES_A_ROUND; i++) {
                    due += (long) (-Math.log(1 - ThreadLocalRandom.current().nextDouble()) * 1e9 / OFFERED_PER_SECOND);
                    while (System.nanoTime() < due) {
                        LockSupport.parkNanos(due - System.nanoTime());
                    }
                    String owner = owner(ThreadLocalRandom.current().nextInt(devices));
                    long dueNow = due;
                    waits.add(takers.submit(() -> {
                        takeOne(owner);
                        return System.nanoTime() - dueNow;
                    }));
                    taken.add(owner);
                }
                long[] nanos = new long[waits.size()];
                for (int i = 0; i < nanos.length; i++) {
                    nanos[i] = waits.get(i).get();
                }
                long wall = System.nanoTime() - begin;
                taken.forEach(owner -> publish(owner, 1));
                return new Times(nanos, wall);
            } finally {
                takers.shutdown();
            }
        }

        private Times measured(int threads, int takes, Supplier<String> owners) throws Exception {
            List<String> taken = new ArrayList<>();
            long begin = System.nanoTime();
            List<long[]> nanos = Together.togetherUntilDone(threads, thread -> {
                long[] mine = new long[takes / threads];
                for (int i = 0; i < mine.length; i++) {
                    String owner = owners.get();
                    mine[i] = takeOne(owner);
                    synchronized (taken) {
                        taken.add(owner);
                    }
                }
                return mine;
            });
            long wall = System.nanoTime() - begin;
            for (String owner : taken) {
                publish(owner, 1); // so that the next round finds as many
            }
            return new Times(
                    nanos.stream().flatMapToLong(Arrays::stream).sorted().toArray(), wall);
        }

        private long takeOne(String owner) {
            long begin = System.nanoTime();
            try {
                store.takeEnsembles(new Take(owner, Draft.SPEC, "4", 128, 10), NOW);
            } catch (StorageException failed) {
                failures.incrementAndGet();
            }
            return System.nanoTime() - begin;
        }

        Times publishAndTakeAll(int round) {
            String owner = owner(round % devices);
            publish(owner, MESSAGES_A_DEVICE);
            long[] nanos = IntStream.range(0, MESSAGES_A_DEVICE)
                    .mapToLong(i -> takeOne(owner))
                    .toArray();
            return new Times(nanos, LongStream.of(nanos).sum());
        }

        private void publish(String owner, int count) {
            Random random = new Random(count);
            List<PrekeyMessageEntry> messages = IntStream.range(0, count)
                    .mapToObj(i ->
                            new PrekeyMessageEntry(identifiers.incrementAndGet(), random(random, PREKEY_MESSAGE_BYTES)))
                    .toList();
            PublicationResult result = store.publish(
                    new Publication(
                            Publishing.device(owner, 0x100),
                            Draft.SPEC,
                            key(1),
                            LATER,
                            Optional.of(new ClientProfileEntry(random(random, PROFILE_BYTES), LATER, "4")),
                            Optional.of(new PrekeyProfileEntry(random(random, PROFILE_BYTES), LATER)),
                            messages),
                    QUOTAS,
                    NOW);
            if (result != PublicationResult.STORED) {
                throw new IllegalStateException(result + " for " + owner);
            }
        }

        private static Bytes random(Random random, int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return Bytes.of(bytes);
        }

        private static String owner(int device) {
            return "user" + device + "@example.org";
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
