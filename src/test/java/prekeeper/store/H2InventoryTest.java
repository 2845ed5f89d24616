package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.store.PrekeyStoreContract.ALICE;
import static prekeeper.store.PrekeyStoreContract.KEY;
import static prekeeper.store.PrekeyStoreContract.PHONE;
import static prekeeper.store.Publishing.LATER;
import static prekeeper.store.Publishing.NOW;
import static prekeeper.store.Publishing.device;
import static prekeeper.store.Together.together;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import prekeeper.crypto.Bytes;
import prekeeper.wire.Draft;

class H2InventoryTest extends InventoryContract {
    @Override
    PrekeyStore openStore() {
        return open("jdbc:h2:file:" + folder.resolve("prekeys"));
    }

    @Override
    Inventory inventoryOf(PrekeyStore opened) {
        return ((JdbcPrekeyStore) opened).inventory();
    }

    private static JdbcPrekeyStore open(String url) {
        return JdbcPrekeyStore.open(new StoreSettings(url, Optional.empty(), Optional.empty()));
    }

    @Test
    void theEngineIsTheOneThatIsPinned() {
        assertEquals("H2 2.4.240", inventory.engine());
    }

    @Test
    void whatWasForgottenStaysForgottenAfterARestart() {
        phone().profiles().messages(1).in(store);
        inventory.forget(PHONE);
        store.close();
        open();
        assertEquals(new StoreCounts(0, 0), inventory.counts());
    }

    @Test
    void aBackupHasWhatWasPublishedAndBlocked() throws IOException {
        phone().profiles().messages(1, 2).in(store);
        take(ALICE);
        ((JdbcPrekeyStore) store).blockList().block("example.com", NOW);
        Path backup = folder.resolve("backup.zip");
        inventory.backUp(backup);
        phone().messages(3).in(store);

        try (JdbcPrekeyStore restored = restore(backup)) {
            assertEquals(1, restored.count(PHONE, KEY, NOW));
            assertEquals(Set.of("example.com"), restored.blockList().blocked());
            phone().messages(1).in(restored);
            assertEquals(1, restored.count(PHONE, KEY, NOW), "and it knows what was handed out");
        }
    }

    /** Unpacks a backup in a folder of its own. */
    private JdbcPrekeyStore restore(Path backup) throws IOException {
        Path target = Files.createTempDirectory(folder, "restored");
        try (InputStream file = Files.newInputStream(backup);
                ZipInputStream zip = new ZipInputStream(file)) {
            ZipEntry entry = zip.getNextEntry();
            assertEquals("prekeys.mv.db", entry.getName());
            Files.copy(zip, target.resolve("prekeys.mv.db"));
        }
        return open("jdbc:h2:file:" + target.resolve("prekeys"));
    }

    @Test
    void aBackupIsReadableByItsOwnerOnly() throws IOException {
        Path file = folder.resolve("backup: 1.zip");
        inventory.backUp(file);
        assertTrue(Files.size(file) > 0);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void nothingIsWrittenOver() throws IOException {
        Path file = Files.writeString(folder.resolve("taken"), "precious");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        for (Path taken : List.of(file, link, folder)) {
            assertEquals(
                    "can not back up to " + taken + ": something is there already; name another file", refusal(taken));
        }
        assertEquals("precious", Files.readString(file));
        assertFalse(Files.exists(link));
    }

    @Test
    void aBackupInAMissingFolderOrARelativeOneIsRefused() throws IOException {
        Path missing = folder.resolve("missing").resolve("backup.zip");
        assertTrue(refusal(missing).contains("its folder does not exist"), refusal(missing));
        assertFalse(Files.exists(missing.getParent()));
        Path file = Files.writeString(folder.resolve("file"), "");
        assertTrue(refusal(file.resolve("backup.zip")).contains("can not back up to " + file));
        assertTrue(refusal(Path.of("backup.zip")).contains("the path is relative"));
        assertFalse(Files.exists(Path.of("backup.zip")));
    }

    @Test
    void pathsThatWouldBeMisreadAreRefused() throws IOException {
        for (String name : List.of("a\\b.zip", "a\nb.zip")) {
            assertTrue(refusal(folder.resolve(name)).contains("a backslash or a control character"));
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of(),
                    left.filter(path -> path.toString().endsWith(".zip")).toList());
        }
    }

    String refusal(Path file) {
        StorageException refused = assertThrows(StorageException.class, () -> inventory.backUp(file));
        assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
        return refused.getMessage();
    }

    @RepeatedTest(3)
    void backupsAndWhoeverElseIsThereDoNotDisturbEachOther() throws Exception {
        int published = 300;
        phone().profiles().messagesFrom(0, published).in(store);
        List<List<Bytes>> taken = together(6, thread -> {
            List<Bytes> mine = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                if (thread >= 4) {
                    if (i % 5 == 0) {
                        inventory.backUp(folder.resolve("backup-" + thread + "-" + i));
                    }
                } else {
                    take(ALICE).forEach(ensemble -> mine.add(ensemble.prekeyMessage()));
                }
            }
            return mine;
        });
        Set<Bytes> all = new HashSet<>();
        taken.forEach(all::addAll);
        assertEquals(80, all.size(), "each taker got another message each time");
        assertEquals(published - 80, count(PHONE));

        int before = published;
        for (int thread = 4; thread < 6; thread++) {
            for (int i = 0; i < 20; i += 5) {
                try (JdbcPrekeyStore restored = restore(folder.resolve("backup-" + thread + "-" + i))) {
                    int left = restored.count(PHONE, KEY, NOW);
                    assertTrue(left >= published - 80 && left <= before, left + " left");
                    Take one = new Take(ALICE, Draft.SPEC, "4", 1, published);
                    assertEquals(
                            left - 1, restored.takeEnsembles(one, NOW).get(0).remaining());
                }
            }
        }
    }

    @Test
    void aBackupThatFailsLeavesNothing() {
        try (JdbcPrekeyStore memory = open("jdbc:h2:mem:backup")) {
            inventory = memory.inventory();
            Path file = folder.resolve("backup.zip");
            String text = refusal(file);
            assertTrue(text.startsWith("can not back up to " + file + ": Database is not persistent"), text);
            assertFalse(Files.exists(file));
        }
    }

    @Test
    void aPageLargerThanATransactionsShareMissesNone() {
        int devices = 1_005;
        for (int number = 0; number < devices; number++) {
            Publishing.of(device("user" + number + "@example.org", 0x100), KEY)
                    .clientProfile("client profile", LATER, "4")
                    .in(store);
        }
        assertEquals(devices, inventory.lowOnStock(0, 0, 3_000, NOW).devices().size());
        LowStock page = inventory.lowOnStock(0, 0, 1_003, NOW);
        assertEquals(1_003, page.devices().size());
        assertEquals(
                2,
                inventory
                        .lowOnStock(0, page.next().getAsLong(), 1_003, NOW)
                        .devices()
                        .size());
    }
}
