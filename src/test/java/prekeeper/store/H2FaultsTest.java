package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.store.Publishing.NOW;
import static prekeeper.store.Publishing.device;
import static prekeeper.store.Publishing.key;
import static prekeeper.store.Publishing.message;
import static prekeeper.store.Together.together;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import prekeeper.store.LossyDisk.Refusal;
import prekeeper.wire.Draft;
import prekeeper.xmpp.CollectedLog;

/** The disk below H2 fails, or H2 itself: nothing acknowledged is lost, nothing comes back, and the store goes on by itself. */
@Timeout(120)
class H2FaultsTest {
    private static final String ALICE = "alice@example.org";
    private static final String BOB = "bob@example.org";

    @TempDir
    Path folder;

    private CollectedLog log;
    private Path file;
    private Database database;
    private JdbcPrekeyStore store;

    @BeforeEach
    void openStore() {
        LossyDisk.register();
        log = new CollectedLog();
        file = folder.resolve("prekeys.mv.db");
        open(file);
    }

    private void open(Path at) {
        database = H2Database.open(settings(at), "jdbc:h2:ordered:lossy:");
        store = JdbcPrekeyStore.open(database, settings(at), spent -> {
            throw new AssertionError("the database is not behind");
        });
    }

    private StoreSettings settings(Path at) {
        String url = "jdbc:h2:file:" + at.toString().replaceFirst("\\.mv\\.db$", "");
        return new StoreSettings(url, Optional.empty(), Optional.empty(), Optional.of(folder.resolve("takings")));
    }

    @AfterEach
    void closeStore() throws IOException {
        LossyDisk.under(file).refuse(Refusal.NOTHING);
        store.close();
        LossyDisk.forget(file);
        log.close();
    }

    private static Publishing publishing(String owner) {
        return Publishing.of(device(owner, 0x101), key(1));
    }

    private List<Ensemble> take(String owner) {
        return take(store, owner);
    }

    private static List<Ensemble> take(PrekeyStore from, String owner) {
        return from.takeEnsembles(new Take(owner, Draft.SPEC, "4", 128, 0), NOW);
    }

    private int count(String owner) {
        return store.count(device(owner, 0x101), key(1), NOW);
    }

    /** Publishes and takes until each was refused {@code refusals} times. */
    private void assertAllRefused(int refusals) throws Exception {
        together(2, thread -> {
            for (int i = 0; i < refusals; i++) {
                int number = i;
                assertThrows(
                        StorageException.class,
                        () -> {
                            if (thread == 0) {
                                publishing(BOB).messages(1_000 + number).in(store);
                            } else {
                                take(ALICE);
                            }
                        },
                        "nothing is acknowledged");
            }
            return true;
        });
    }

    @Test
    void aBackupIsRefusedInsteadOfWaitingForAFullDisk() {
        publishing(ALICE).profiles().messagesFrom(1, 50).in(store);
        LossyDisk.under(file).refuse(Refusal.WRITES);
        Path backup = folder.resolve("backup.zip");
        assertThrows(StorageException.class, () -> publishing(BOB).messages(1).in(store));
        assertThrows(StorageException.class, () -> store.inventory().backUp(backup));
        assertTrue(Files.notExists(backup));
    }

    @Test
    void whatWorksAgainIsToldAlsoWhenNobodyWrites() throws Exception {
        LossyDisk.under(file).refuse(Refusal.WRITES);
        assertThrows(StorageException.class, () -> publishing(BOB).messages(1).in(store));
        LossyDisk.under(file).refuse(Refusal.NOTHING);
        Instant late = Instant.now().plusSeconds(60);
        while (log.count("INFO", "writing " + file + " works again") == 0
                && Instant.now().isBefore(late)) {
            Thread.sleep(100);
            try {
                store.inventory().ping();
            } catch (StorageException notYet) {
                // asked too early
            }
        }
        assertEquals(1, log.count("INFO", "writing " + file + " works again"), () -> "" + log.lines());
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITES", "FORCES"})
    void aDiskThatRefusesDelaysAndLosesNothing(Refusal refusal) throws Exception {
        publishing(ALICE).profiles().messagesFrom(1, 50).in(store);
        publishing(BOB).profiles().messagesFrom(1, 50).in(store);
        assertEquals(message(1), take(ALICE).get(0).prekeyMessage());
        LossyDisk.under(file).refuse(refusal);
        assertAllRefused(20);
        assertThrows(StorageException.class, () -> count(ALICE));
        assertEquals(1, log.count("ERROR", ""), () -> "one line for forty refused requests: " + log.lines());
        LossyDisk.under(file).refuse(Refusal.NOTHING);
        awaitService();
        assertTrue(count(ALICE) >= 47, "refused takings do not use prekey messages up");
        publishing(ALICE).messages(100).in(store);
        Set<Object> taken = ConcurrentHashMap.newKeySet();
        together(4, thread -> {
            for (int i = 0; i < 5; i++) {
                assertTrue(taken.add(take(ALICE).get(0).prekeyMessage()), "handed out once");
            }
            return true;
        });
        assertTrue(!taken.contains(message(1)));
        int left = count(ALICE);
        Path image = folder.resolve("image.mv.db");
        LossyDisk.under(file).cut(new Random(7), image);
        store.close();
        reopen(image);
        assertEquals(left, count(ALICE), "what went on afterwards is on disk");
        assertTrue(count(BOB) >= 50);
    }

    private void reopen(Path image) throws IOException {
        LossyDisk.forget(file);
        file = image;
        open(image);
    }

    /** Until the disk has taken what had to wait for it. */
    private void awaitService() throws InterruptedException {
        while (true) {
            try {
                publishing("carol@example.org").profiles().in(store);
                return;
            } catch (StorageException notYet) {
                Thread.sleep(50);
            }
        }
    }

    @Test
    void aStoreOnADiskThatRefusesCloses() throws Exception {
        publishing(ALICE).profiles().messagesFrom(1, 50).in(store);
        take(ALICE);
        LossyDisk.under(file).refuse(Refusal.WRITES);
        assertThrows(StorageException.class, () -> take(ALICE));
        try {
            store.close();
        } catch (StorageException told) {
            assertEquals(1, told.getMessage().lines().count());
        }
        LossyDisk.under(file).refuse(Refusal.NOTHING);
        open(file);
        assertTrue(count(ALICE) >= 48);
        assertTrue(!take(ALICE).get(0).prekeyMessage().equals(message(1)));
    }

    @Test
    void aStoreIsNotOpenedOnADiskThatRefuses() throws Exception {
        store.close();
        Path full = folder.resolve("full.mv.db");
        LossyDisk.under(full).refuse(Refusal.WRITES);
        StorageException refused = assertThrows(StorageException.class, () -> open(full));
        assertEquals(1, refused.getMessage().lines().count());
        assertTrue(refused.getMessage().contains(full.toString()), refused.getMessage());
        LossyDisk.under(full).refuse(Refusal.NOTHING);
        open(full);
        LossyDisk.forget(file);
        file = full;
    }

    /** As after an error of its own, or of memory. */
    private void closeDatabaseFromInside() throws Exception {
        try (Connection connection = database.connections().getConnection()) {
            MVStore inside = H2Barrier.store(connection);
            assertThrows(
                    MVStoreException.class,
                    () -> inside.executeFilestoreOperation(() -> {
                        throw DataUtils.newMVStoreException(DataUtils.ERROR_INTERNAL, "on purpose");
                    }));
            assertTrue(inside.isClosed());
        }
    }

    @Test
    void aDatabaseThatClosedItselfOpensAgain() throws Exception {
        for (int i = 0; i < 5; i++) {
            publishing(ALICE).profiles().messagesFrom(1 + 10 * i, 5).in(store);
            assertEquals(message(1 + 10 * i), take(ALICE).get(0).prekeyMessage());
            closeDatabaseFromInside();
            awaitService();
            assertEquals(4, count(ALICE));
            assertEquals(
                    4,
                    IntStream.range(0, 4)
                            .mapToObj(taking -> take(ALICE))
                            .filter(taken -> taken.size() == 1)
                            .count());
            assertEquals(List.of(), take(ALICE));
        }
    }

    @Test
    void whatWasCommittedInADatabaseThatClosedItselfIsNotDurableInTheNext() throws Exception {
        try (Transactions transactions = new Transactions(database);
                Durability durability = new Durability(database, transactions, Optional.empty())) {
            Committed<Integer> committed =
                    transactions.commit("block", handle -> JdbcBlockList.insert(handle, "x", NOW));
            durability.await("block", committed.incarnation());
            closeDatabaseFromInside();
            Object before = committed.incarnation();
            awaitService();
            assertThrows(StorageException.class, () -> durability.await("block", before));
            Committed<Integer> later = transactions.commit("block", handle -> JdbcBlockList.insert(handle, "y", NOW));
            durability.await("block", later.incarnation());
        }
    }

    @Test
    void aZeroedBlockGivesNobodyAnythingWrong() throws Exception {
        int accounts = 20;
        for (int i = 0; i < accounts; i++) {
            publishing(i + "@example.org")
                    .profiles()
                    .messagesFrom(1_000 * i, 20)
                    .in(store);
        }
        store.close();
        byte[] whole = Files.readAllBytes(file);
        int blocks = whole.length / RecoveryTrail.BLOCK_BYTES;
        Path damaged = folder.resolve("damaged.mv.db");
        int unharmed = 0;
        int refused = 0;
        for (int block = 2; block < blocks; block += Math.max(1, blocks / 15)) {
            byte[] bytes = whole.clone();
            int from = block * RecoveryTrail.BLOCK_BYTES;
            Arrays.fill(bytes, from, from + RecoveryTrail.BLOCK_BYTES, (byte) 0);
            Files.write(damaged, bytes);
            try {
                database = H2Database.open(settings(damaged), "jdbc:h2:ordered:");
            } catch (StorageException told) {
                assertEquals(1, told.getMessage().lines().count());
                continue;
            }
            try (JdbcPrekeyStore opened = JdbcPrekeyStore.open(
                    database,
                    new StoreSettings(settings(damaged).url(), Optional.empty(), Optional.empty()),
                    spent -> {})) {
                for (int i = 0; i < accounts; i++) {
                    try {
                        List<Ensemble> taken = take(opened, i + "@example.org");
                        for (Ensemble ensemble : taken) {
                            int account = i;
                            assertTrue(IntStream.range(0, 20)
                                    .anyMatch(number ->
                                            ensemble.prekeyMessage().equals(message(1_000 * account + number))));
                            unharmed++;
                        }
                    } catch (StorageException told) {
                        assertEquals(1, told.getMessage().lines().count());
                        refused++;
                    }
                }
            }
        }
        assertTrue(unharmed > refused, unharmed + " unharmed, " + refused + " refused");
        open(file);
    }

    @Test
    void aClosedStoreLeavesNothingBehind() throws InterruptedException {
        WeakReference<Object> connections = new WeakReference<>(database.connections());
        publishing(ALICE).profiles().in(store);
        store.close();
        store = null;
        database = null;
        while (connections.get() != null) { // neither in a thread nor in a list
            System.gc();
            Thread.sleep(10);
        }
        open(file);
    }
}
