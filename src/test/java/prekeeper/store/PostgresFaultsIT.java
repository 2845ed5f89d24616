package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.store.Publishing.NOW;
import static prekeeper.store.Publishing.device;
import static prekeeper.store.Publishing.key;
import static prekeeper.store.Publishing.message;
import static prekeeper.store.Together.together;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.crypto.SecretBytes;
import prekeeper.it.PrivatePostgres;
import prekeeper.it.Scratch;
import prekeeper.wire.Draft;
import prekeeper.xmpp.CollectedLog;

/** PostgreSQL is away for a while: requests are refused, one line says so, and the store goes on by itself. */
@Timeout(180)
class PostgresFaultsIT {
    private static final String ALICE = "alice@example.org";

    /** That of a caller, and some for a slow machine. */
    private static final Duration ANSWERED = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    private Scratch scratch;
    private PrivatePostgres server;
    private JdbcPrekeyStore store;
    private CollectedLog log;

    @BeforeEach
    void start() throws Exception {
        scratch = Scratch.create();
        server = PrivatePostgres.start(scratch);
        server.createDatabase("faults");
        store = JdbcPrekeyStore.open(
                new StoreSettings(
                        server.url("faults"),
                        Optional.of(PrivatePostgres.USER),
                        Optional.of(SecretBytes.copyOf(PrivatePostgres.PASSWORD.getBytes(StandardCharsets.UTF_8))),
                        Optional.of(folder.resolve("takings"))),
                spent -> {
                    throw new AssertionError("the database is not behind");
                });
        Publishing.of(device(ALICE, 0x101), key(1))
                .profiles()
                .messagesFrom(1, 50)
                .in(store);
        assertEquals(message(1), take().get(0).prekeyMessage());
        log = new CollectedLog();
    }

    @AfterEach
    void end() {
        log.close();
        store.close();
        server.close();
        scratch.close();
    }

    private List<Ensemble> take() {
        return store.takeEnsembles(new Take(ALICE, Draft.SPEC, "4", 128, 0), NOW);
    }

    private int count() {
        return store.count(device(ALICE, 0x101), key(1), NOW);
    }

    private void assertRefused(int threads, int requests) throws Exception {
        together(threads, thread -> {
            for (int i = 0; i < requests; i++) {
                long begin = System.nanoTime();
                StorageException told = assertThrows(StorageException.class, this::take);
                assertEquals(1, told.getMessage().lines().count());
                assertTrue(System.nanoTime() - begin < ANSWERED.toNanos());
            }
            return true;
        });
    }

    private void assertGoesOn() throws InterruptedException {
        while (true) {
            try {
                assertEquals(49, count());
                break;
            } catch (StorageException notYet) {
                Thread.sleep(50);
            }
        }
        for (int i = 2; i < 12; i++) {
            assertEquals(message(i), take().get(0).prekeyMessage());
        }
    }

    @Test
    void aServerThatStopsAndStartsIsToldOfOnce() throws Exception {
        server.stop();
        assertRefused(8, 3);
        assertEquals(1, log.count("ERROR", ""), () -> log.lines().toString());
        assertEquals(1, log.count("ERROR the database fails: can not take prekey messages: ", ""));
        server.start();
        assertGoesOn();
    }

    @Test
    void aServerThatCrashesLosesNothing() throws Exception {
        server.kill();
        assertRefused(2, 1);
        server.start();
        assertGoesOn();
    }

    @Test
    void aServerThatIsStuckKeepsNobodyWaitingForLong() throws Exception {
        server.freeze();
        try {
            assertRefused(4, 1);
        } finally {
            server.resume();
        }
        while (true) {
            try {
                count();
                break;
            } catch (StorageException notYet) {
                Thread.sleep(50);
            }
        }
        int left = count();
        assertTrue(left >= 45 && left <= 49, "some takings may have ended after nobody waited for them: " + left);
        assertTrue(take().size() == 1);
    }
}
