package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
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
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.crypto.Bytes;
import prekeeper.wire.Draft;

/**
 * What the store acknowledged is true after a power cut: the file opens, no publication is missing, nothing that was handed
 * out is back.
 *
 * <p>Publishers and takers work on a {@link LossyDisk}, of which images are made at random moments, as after a power cut. The
 * next round begins with one of these, so that there are also cuts soon after cuts. {@code -Dprekeeper.power-cuts=2000} for
 * more than the few of a build.
 */
class PowerCutTest {
    private static final int CUTS = Integer.getInteger("prekeeper.power-cuts", 60);
    private static final String FILE_SYSTEM = System.getProperty("prekeeper.power-cuts.file-system", "ordered:lossy:");

    private static final int CUTS_OF_ROUND = 20;
    private static final int ACCOUNTS = 4;
    private static final int PUBLISHERS = 3;
    private static final int TAKERS = 3;
    private static final int MOST_PUBLISHED = 12;
    private static final int MOST_CHANGES_BETWEEN_CUTS = 120;

    @TempDir
    Path folder;

    private final Random random = new Random();

    @Test
    void whatWasAcknowledgedIsTrueAfterAPowerCut() throws Exception {
        LossyDisk.register();
        List<String> wrong = new ArrayList<>();
        State begin = new State(Set.of(), Set.of());
        Optional<Path> from = Optional.empty();
        long handedOut = 0;
        for (int cuts = 0; cuts < CUTS; cuts += CUTS_OF_ROUND) {
            Path place = Files.createDirectory(folder.resolve("round" + cuts));
            Round round = new Round(place, begin);
            if (from.isPresent()) {
                Files.move(from.get(), round.file);
            }
            round.run();
            Map<Path, State> good = round.check(wrong);
            from = good.isEmpty() || random.nextInt(4) == 0
                    ? Optional.empty()
                    : Optional.of(List.copyOf(good.keySet()).get(random.nextInt(good.size())));
            removeAllBut(from, round.cuts);
            handedOut += round.handedOut();
            begin = from.map(good::get).orElse(new State(Set.of(), Set.of()));
        }
        assertTrue(handedOut > 0, "there was something to lose");
        assertEquals(List.of(), wrong, () -> wrong.size() + " of " + CUTS + " images");
    }

    /** What a long run would otherwise fill the disk with. */
    private static void removeAllBut(Optional<Path> kept, List<Cut> cuts) throws IOException {
        for (Cut cut : cuts) {
            if (!kept.equals(Optional.of(cut.image))) {
                Files.delete(cut.image);
            }
        }
    }

    /** Which identifiers a database holds: of prekey messages, and of all that it remembers. */
    private record State(Set<Integer> messages, Set<Integer> remembered) {

        static State of(Path image) throws SQLException {
            String url = "jdbc:h2:file:" + image.toString().replaceFirst("\\.mv\\.db$", "");
            try (Connection connection = DriverManager.getConnection(url, "", "");
                    Statement statement = connection.createStatement()) {
                try {
                    return of(statement);
                } finally {
                    statement.execute("SHUTDOWN"); // or it stayed open, as the store wants it
                }
            }
        }

        private static State of(Statement statement) throws SQLException {
            if (!hasTables(statement)) {
                return new State(Set.of(), Set.of());
            }
            Set<Integer> messages = new HashSet<>();
            try (ResultSet rows = statement.executeQuery("SELECT encoded FROM prekey_message")) {
                while (rows.next()) {
                    messages.add(identifier(rows.getBytes(1)));
                }
            }
            Set<Integer> remembered = new HashSet<>();
            try (ResultSet rows = statement.executeQuery("SELECT row_number FROM remembered_identifier")) {
                while (rows.next()) {
                    remembered.add((int) rows.getLong(1));
                }
            }
            return new State(messages, remembered);
        }

        /** A cut may come before there are any. */
        private static boolean hasTables(Statement statement) throws SQLException {
            try (ResultSet tables = statement.executeQuery("SELECT COUNT(*) FROM information_schema.tables WHERE"
                    + " table_name IN ('PREKEY_MESSAGE', 'REMEMBERED_IDENTIFIER')")) {
                tables.next();
                return tables.getInt(1) == 2;
            }
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

    private record Cut(Path image, long begin, long end) {}

    private final class Round {
        private final Path place;
        private final Path file;
        private final AtomicLong clock = new AtomicLong();
        private final AtomicInteger nextIdentifier = new AtomicInteger();
        private final Queue<Done> published = new ConcurrentLinkedQueue<>();
        private final Queue<Done> taken = new ConcurrentLinkedQueue<>();
        private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private final List<Cut> cuts = new ArrayList<>(); // guarded by the disk's lock
        private int changesToCut;
        private volatile boolean isOver;

        Round(Path place, State begin) {
            this.place = place;
            this.file = place.resolve("prekeys.mv.db");
            published.add(new Done(List.copyOf(begin.messages), 0, 0));
            nextIdentifier.set(
                    begin.remembered.stream().mapToInt(i -> i + 1).max().orElse(0));
            clock.set(1);
        }

        void run() throws Exception {
            LossyDisk.under(file).watch(this::cutNowAndThen);
            StoreSettings settings =
                    new StoreSettings("jdbc:h2:file:" + place.resolve("prekeys"), Optional.empty(), Optional.empty());
            try (JdbcPrekeyStore store =
                    JdbcPrekeyStore.open(H2Database.open(settings, "jdbc:h2:" + FILE_SYSTEM), settings, spent -> {})) {
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
                LossyDisk.under(file).watch(() -> {});
            }
            LossyDisk.forget(file);
            Files.delete(file);
            assertEquals(List.of(), List.copyOf(failures), "no client notices that images are made");
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
            try (Connection connection =
                            DriverManager.getConnection("jdbc:h2:" + FILE_SYSTEM + place.resolve("prekeys"), "", "");
                    Statement statement = connection.createStatement()) {
                statement.execute("SET RETENTION_TIME " + (1 + random.nextInt(300)));
            }
        }

        private void cutNowAndThen() {
            if (isOver || changesToCut-- > 0) {
                return;
            }
            changesToCut = random.nextInt(MOST_CHANGES_BETWEEN_CUTS);
            Path image = place.resolve("image" + cuts.size() + ".mv.db");
            long begin = clock.incrementAndGet();
            try {
                LossyDisk.under(file).cut(random, image);
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

        /** How many prekey messages takers had in their hands when the power was cut last. */
        long handedOut() {
            long lastCut = cuts.get(cuts.size() - 1).begin;
            return identifiers(taken, done -> done.end < lastCut).size();
        }

        /** The images in which nothing is wrong, with what is in them. */
        Map<Path, State> check(List<String> wrong) {
            Map<Path, State> good = new HashMap<>();
            for (Cut cut : cuts) {
                try {
                    State state = State.of(cut.image);
                    problem(cut, state).ifPresentOrElse(wrong::add, () -> good.put(cut.image, state));
                } catch (SQLException | RuntimeException damaged) {
                    wrong.add(cut.image.getFileName() + " does not open: " + damaged.getMessage());
                }
            }
            return good;
        }

        private Optional<String> problem(Cut cut, State state) {
            Set<Integer> missing = identifiers(published, done -> done.end < cut.begin);
            Set<Integer> back = identifiers(taken, done -> done.end < cut.begin);
            Set<Integer> forgotten = new HashSet<>(missing);
            missing.removeAll(identifiers(taken, done -> done.begin < cut.end));
            missing.removeAll(state.messages);
            back.retainAll(state.messages);
            forgotten.removeAll(state.remembered);
            if (missing.isEmpty() && back.isEmpty() && forgotten.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(cut.image.getFileName() + ": " + missing.size() + " published are missing, "
                    + back.size() + " taken are back, " + forgotten.size() + " not remembered");
        }

        private static Set<Integer> identifiers(Queue<Done> all, Predicate<Done> which) {
            Set<Integer> identifiers = new HashSet<>();
            all.stream().filter(which).forEach(done -> identifiers.addAll(done.identifiers));
            return identifiers;
        }
    }
}
