package prekeeper.store;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static prekeeper.store.Publishing.NOW;
import static prekeeper.store.Publishing.PLENTY;
import static prekeeper.store.Publishing.device;
import static prekeeper.store.Publishing.key;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.h2.Driver;
import prekeeper.crypto.Bytes;
import prekeeper.wire.Draft;

/**
 * Cuts the power below a store, and checks that what it acknowledged is true afterwards: the database opens, no publication is
 * missing, nothing that was handed out is back, and nothing is spent as if the database had gone back to an older state. If it had,
 * the takings file, which lost power at the same moment, would tell.
 *
 * <p>Publishers and takers work on {@linkplain LossyDisk disks} of which images are made at random moments, as after a power cut.
 * The next round begins with one of these, so that there are also cuts soon after cuts.
 */
public final class PowerCuts {
    /** Empty to see what happens without {@link OrderedFiles}. */
    private static final String FILE_SYSTEM = System.getProperty("prekeeper.power-cuts.file-system", "ordered:");

    private static final String REAL_URL = "jdbc:h2:" + FILE_SYSTEM;
    private static final String LOSSY_URL = REAL_URL + LossyDisk.SCHEME + ":";

    private static final int CUTS_OF_ROUND = 20;
    private static final int ACCOUNTS = 4;
    private static final int PUBLISHERS = 3;
    private static final int TAKERS = 3;
    private static final int MOST_PUBLISHED = 12;
    private static final int MOST_CHANGES_BETWEEN_CUTS = 120;

    private final Random random = new Random();
    private final Path folder;
    private final List<String> violations = new ArrayList<>();
    private int cuts;
    private int acknowledged;
    private int handedOut;
    private int noticed;

    private PowerCuts(Path folder) {
        this.folder = folder;
    }

    /**
     * What came of it.
     *
     * @param violations empty when every promise was kept; one or two for each image that breaks any
     * @param acknowledged how many prekey messages publishers knew to be stored before a cut
     * @param handedOut how many prekey messages takers had in their hands before a cut
     * @param noticed how many databases that were older than the takings file were noticed
     */
    public record Verdict(List<String> violations, int cuts, int acknowledged, int handedOut, int noticed) {

        /** Whether there was anything to lose, to hand out again and to notice. */
        public boolean saysSomething() {
            return acknowledged > 0 && handedOut > 0 && noticed > 0;
        }

        /** In one line. */
        public String summary() {
            return String.format(
                    "%,d violations after %,d power cuts: %,d prekey messages acknowledged, %,d handed out, %,d older databases noticed",
                    violations.size(), cuts, acknowledged, handedOut, noticed);
        }
    }

    /**
     * Makes at least {@code atLeast} cuts.
     *
     * @param folder an empty one; images in which something is wrong stay there
     * @param progress gets a line now and then
     */
    public static Verdict run(Path folder, int atLeast, Consumer<String> progress) throws Exception {
        LossyDisk.register();
        PowerCuts all = new PowerCuts(folder);
        Optional<Survivor> survivor = Optional.empty();
        while (all.cuts < atLeast) {
            survivor = all.round(survivor);
            progress.accept(all.verdict().summary());
        }
        return all.verdict();
    }

    private Verdict verdict() {
        return new Verdict(List.copyOf(violations), cuts, acknowledged, handedOut, noticed);
    }

    /** Begins with what was left of an earlier round, or with nothing, and returns what the next one shall begin with. */
    private Optional<Survivor> round(Optional<Survivor> earlier) throws Exception {
        Round round = new Round(Files.createDirectory(folder.resolve("round" + cuts)), earlier);
        round.run();
        List<Survivor> good = round.check();
        cuts += round.cuts.size();
        acknowledged += round.acknowledged();
        handedOut += round.handedOut();
        Optional<Survivor> next = good.isEmpty() || random.nextInt(4) == 0
                ? Optional.empty()
                : Optional.of(good.get(random.nextInt(good.size())));
        for (Survivor one : good) { // a long run would fill the disk with them; what is wrong is kept
            if (!next.equals(Optional.of(one))) {
                one.files.delete();
            }
        }
        return next;
    }

    /** What a server has on its disks. */
    private record ServerFiles(Path database, Path takings) {

        /** @param name of a database */
        static ServerFiles in(Path folder, String name) {
            return new ServerFiles(folder.resolve(name + H2Files.SUFFIX), folder.resolve(name + ".takings"));
        }

        StoreSettings settings() {
            String path = database.toString();
            return new StoreSettings(
                    StoreSettings.FILE_URL + path.substring(0, path.length() - H2Files.SUFFIX.length()),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(takings));
        }

        void moveTo(ServerFiles other) throws IOException {
            Files.move(database, other.database);
            Files.move(takings, other.takings);
        }

        void delete() throws IOException {
            Files.delete(database);
            Files.delete(takings);
        }
    }

    /** An image in which nothing is wrong, and what is in it. */
    private record Survivor(ServerFiles files, State state) {}

    /**
     * What a server finds when it starts.
     *
     * @param spent how many prekey messages it spent, since it took the database for an older one
     * @param messages identifiers of the prekey messages that it has
     * @param remembered identifiers of all that it remembers
     */
    private record State(long spent, Set<Integer> messages, Set<Integer> remembered) {

        static State of(ServerFiles files) throws SQLException {
            AtomicLong spent = new AtomicLong();
            Database database = H2Database.open(files.settings(), REAL_URL);
            JdbcPrekeyStore store =
                    JdbcPrekeyStore.open(database, files.settings(), found -> spent.addAndGet(found.prekeyMessages()));
            try (Connection connection = database.connections().getConnection();
                    Statement statement = connection.createStatement()) {
                return new State(spent.get(), messages(statement), remembered(statement));
            } finally {
                store.close();
            }
        }

        private static Set<Integer> messages(Statement statement) throws SQLException {
            Set<Integer> messages = new HashSet<>();
            try (ResultSet rows = statement.executeQuery("SELECT encoded FROM prekey_message")) {
                while (rows.next()) {
                    messages.add(identifier(rows.getBytes(1)));
                }
            }
            return messages;
        }

        private static Set<Integer> remembered(Statement statement) throws SQLException {
            Set<Integer> remembered = new HashSet<>();
            try (ResultSet rows = statement.executeQuery("SELECT row_number FROM remembered_identifier")) {
                while (rows.next()) {
                    remembered.add((int) rows.getLong(1));
                }
            }
            return remembered;
        }
    }

    /** Longer than the number, so that what the store adds does not matter. */
    private static Bytes message(int identifier) {
        return Publishing.bytes(String.format("message %010d", identifier));
    }

    private static int identifier(byte[] message) {
        return Integer.parseInt(new String(message, "message ".length(), 10, StandardCharsets.US_ASCII));
    }

    /** What a caller was promised; {@code begin} and {@code end} are times of the round's clock. */
    private record Done(List<Integer> identifiers, long begin, long end) {}

    private record Cut(ServerFiles files, long begin, long end) {}

    private final class Round {
        private final Path place;
        private final ServerFiles files;
        private final AtomicLong clock = new AtomicLong();
        private final AtomicInteger nextIdentifier = new AtomicInteger();
        private final Queue<Done> published = new ConcurrentLinkedQueue<>();
        private final Queue<Done> taken = new ConcurrentLinkedQueue<>();
        private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private final List<Cut> cuts = new ArrayList<>(); // guarded by the power's lock
        private int changesToCut;
        private volatile boolean isOver;

        Round(Path place, Optional<Survivor> earlier) throws IOException {
            this.place = place;
            this.files = ServerFiles.in(place, "prekeys");
            if (earlier.isPresent()) {
                earlier.get().files.moveTo(files);
                State begin = earlier.get().state;
                published.add(new Done(List.copyOf(begin.messages), 0, 0));
                nextIdentifier.set(
                        begin.remembered.stream().mapToInt(i -> i + 1).max().orElse(0));
            } else {
                TakingsFile.open(files.takings).close(); // its name is not lost, so it has one at every cut
            }
            clock.set(1);
        }

        void run() throws Exception {
            List<LossyDisk.Disk> disks = List.of(LossyDisk.under(files.database), LossyDisk.under(files.takings));
            disks.forEach(disk -> disk.watch(this::cutNowAndThen));
            try (JdbcPrekeyStore store = open()) {
                if (random.nextBoolean()) {
                    reuseSpaceSoon();
                }
                List<Thread> clients = new ArrayList<>();
                for (int i = 0; i < PUBLISHERS; i++) {
                    clients.add(client(() -> publish(store)));
                }
                for (int i = 0; i < TAKERS; i++) {
                    clients.add(client(() -> take(store)));
                }
                for (Thread client : clients) {
                    client.join();
                }
                disks.forEach(disk -> disk.watch(() -> {}));
            }
            LossyDisk.forget(files.database);
            LossyDisk.forget(files.takings);
            files.delete();
            if (!failures.isEmpty()) {
                throw new IllegalStateException("the store noticed that images were made", failures.peek());
            }
        }

        private JdbcPrekeyStore open() {
            Database database = H2Database.open(files.settings(), LOSSY_URL);
            TakingsFile takings = TakingsFile.open(files.takings, LossyDisk::open);
            return new JdbcPrekeyStore(
                    database,
                    Optional.of(TakingMark.open(
                            takings,
                            database,
                            spent -> failures.add(new AssertionError(spent.prekeyMessages() + " spent by mistake")))));
        }

        private Thread client(Runnable work) {
            Thread client = new Thread(() -> {
                try {
                    while (!isOver) {
                        work.run();
                    }
                } catch (RuntimeException | Error unexpected) {
                    failures.add(unexpected);
                    isOver = true;
                }
            });
            client.start();
            return client;
        }

        /** H2 leaves what is out of use alone for longer than a round, else. */
        private void reuseSpaceSoon() throws SQLException {
            try (Connection connection = new Driver().connect(LOSSY_URL + place.resolve("prekeys"), new Properties());
                    Statement statement = connection.createStatement()) {
                statement.execute("SET RETENTION_TIME " + (1 + random.nextInt(300)));
            }
        }

        private void cutNowAndThen() {
            if (isOver || changesToCut-- > 0) {
                return;
            }
            changesToCut = random.nextInt(MOST_CHANGES_BETWEEN_CUTS);
            ServerFiles image = ServerFiles.in(place, "image" + cuts.size());
            long begin = clock.incrementAndGet();
            try {
                LossyDisk.under(files.database).cut(random, image.database);
                LossyDisk.under(files.takings).cut(random, image.takings);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            cuts.add(new Cut(image, begin, clock.incrementAndGet()));
            isOver = cuts.size() >= CUTS_OF_ROUND;
        }

        private void publish(PrekeyStore store) {
            ThreadLocalRandom mine = ThreadLocalRandom.current();
            Publishing publishing = Publishing.of(device(owner(mine), 0x100 + mine.nextInt(2)), key(1));
            if (mine.nextInt(3) == 0) {
                publishing = publishing.profiles();
            }
            List<Integer> identifiers = new ArrayList<>();
            for (int i = mine.nextInt(MOST_PUBLISHED); i >= 0; i--) {
                int identifier = nextIdentifier.getAndIncrement();
                identifiers.add(identifier);
                publishing = publishing.message(identifier, message(identifier));
            }
            long begin = clock.incrementAndGet();
            if (publishing.in(store, PLENTY) == PublicationResult.STORED) {
                published.add(new Done(identifiers, begin, clock.incrementAndGet()));
            }
        }

        private void take(PrekeyStore store) {
            Take take = new Take(owner(ThreadLocalRandom.current()), Draft.SPEC, "4", 10, 10);
            long begin = clock.incrementAndGet();
            List<Integer> identifiers = store.takeEnsembles(take, NOW).stream()
                    .map(ensemble -> identifier(ensemble.prekeyMessage().toByteArray()))
                    .toList();
            taken.add(new Done(identifiers, begin, clock.incrementAndGet()));
        }

        private static String owner(Random random) {
            return "user" + random.nextInt(ACCOUNTS) + "@example.org";
        }

        int acknowledged() {
            return beforeLastCut(published);
        }

        int handedOut() {
            return beforeLastCut(taken);
        }

        private int beforeLastCut(Queue<Done> all) {
            long lastCut = cuts.get(cuts.size() - 1).begin;
            return identifiers(all, done -> done.end < lastCut).size();
        }

        /** The images in which nothing is wrong. */
        List<Survivor> check() throws IOException {
            List<Survivor> good = new ArrayList<>();
            ServerFiles older = ServerFiles.in(folder, "older");
            for (int i = 0; i < cuts.size(); i++) {
                Cut cut = cuts.get(i);
                String name = cut.files.database.toString();
                try {
                    if (i > 0 && isOlder(cuts.get(i - 1), cut)) {
                        Files.copy(cut.files.takings, older.takings, REPLACE_EXISTING);
                        checkOlder(name, State.of(older));
                    }
                    Files.copy(cut.files.database, older.database, REPLACE_EXISTING);
                    State state = State.of(cut.files);
                    problem(cut, state)
                            .ifPresentOrElse(
                                    problem -> violations.add(name + ": " + problem),
                                    () -> good.add(new Survivor(cut.files, state)));
                } catch (SQLException | RuntimeException damaged) {
                    violations.add(name + " does not open: " + damaged.getMessage());
                }
            }
            return good;
        }

        /** Whether anything was taken and handed out between two cuts. */
        private boolean isOlder(Cut earlier, Cut later) {
            return !identifiers(taken, done -> done.begin > earlier.end && done.end < later.begin)
                    .isEmpty();
        }

        private void checkOlder(String name, State older) {
            if (!older.messages.isEmpty()) {
                violations.add(name + ": " + older.messages.size() + " would be handed out of an older database");
            } else if (older.spent > 0) {
                noticed++;
            }
        }

        private Optional<String> problem(Cut cut, State state) {
            Set<Integer> missing = identifiers(published, done -> done.end < cut.begin);
            Set<Integer> back = identifiers(taken, done -> done.end < cut.begin);
            Set<Integer> forgotten = new HashSet<>(missing);
            missing.removeAll(identifiers(taken, done -> done.begin < cut.end));
            missing.removeAll(state.messages);
            back.retainAll(state.messages);
            forgotten.removeAll(state.remembered);
            if (missing.isEmpty() && back.isEmpty() && forgotten.isEmpty() && state.spent == 0) {
                return Optional.empty();
            }
            return Optional.of(missing.size() + " published are missing, " + back.size() + " taken are back, "
                    + forgotten.size() + " not remembered, " + state.spent + " spent by mistake");
        }

        private static Set<Integer> identifiers(Queue<Done> all, Predicate<Done> which) {
            Set<Integer> identifiers = new HashSet<>();
            all.stream().filter(which).forEach(done -> identifiers.addAll(done.identifiers));
            return identifiers;
        }
    }
}
