package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.store.PrekeyStoreContract.KEY;
import static prekeeper.store.PrekeyStoreContract.PHONE;
import static prekeeper.store.Publishing.NOW;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedBackupTest {
    @TempDir
    private Path folder;

    private Path backup;
    private Path beside;
    private StoreSettings settings;

    @BeforeEach
    void backUp() throws IOException {
        backup = folder.resolve("backup.zip");
        beside = Files.createDirectory(folder.resolve("beside"));
        settings = new StoreSettings(
                "jdbc:h2:file:" + folder.resolve("original"), Optional.of("keeper"), Optional.empty());
        try (JdbcPrekeyStore store = JdbcPrekeyStore.open(settings)) {
            Publishing.of(PHONE, KEY).profiles().messages(1, 2).in(store);
            store.inventory().backUp(backup);
        }
    }

    @Test
    void aBackupOpensWhereItWasUnpackedAndIsGoneAfterwards() throws IOException {
        try (UnpackedBackup unpacked = UnpackedBackup.of(backup, beside)) {
            Path inside = list(beside).get(0);
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(inside)));
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(list(inside).get(0))));
            try (JdbcPrekeyStore store = JdbcPrekeyStore.open(unpacked.settings(settings))) {
                assertEquals(2, store.count(PHONE, KEY, NOW));
            }
        }
        assertEquals(List.of(), list(beside));
    }

    @Test
    void aBackupIsPutWhereNothingIs() throws IOException {
        StoreSettings target =
                new StoreSettings("jdbc:h2:file:" + beside.resolve("prekeys"), settings.user(), settings.password());
        Path database = H2Files.database(target).orElseThrow();
        H2Files.makeRoomFor(database);
        try (UnpackedBackup unpacked = UnpackedBackup.of(backup, beside)) {
            unpacked.moveTo(database);
        }
        assertEquals(List.of(database), list(beside));
        try (JdbcPrekeyStore store = JdbcPrekeyStore.open(target)) {
            assertEquals(2, store.count(PHONE, KEY, NOW));
        }
    }

    @Test
    void whatIsThereIsNeverReplaced() throws IOException {
        Path there = Files.writeString(beside.resolve("prekeys.mv.db"), "precious");
        String expected = "a database is there already: " + there + "; stop the server, and move it away";
        assertEquals(
                expected,
                assertThrows(StorageException.class, () -> H2Files.makeRoomFor(there))
                        .getMessage());
        try (UnpackedBackup unpacked = UnpackedBackup.of(backup, beside)) {
            assertEquals(
                    expected,
                    assertThrows(StorageException.class, () -> unpacked.moveTo(there))
                            .getMessage());
        }
        assertEquals("precious", Files.readString(there));
        assertEquals(List.of(there), list(beside));
    }

    @Test
    void aBackupThatWasCutOrChangedLeavesNothing() throws IOException {
        byte[] whole = Files.readAllBytes(backup);
        for (int cut : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
            Files.write(backup, Arrays.copyOf(whole, cut));
            assertRefused("not a whole backup, or no room to unpack it (");
        }
        byte[] changed = whole.clone();
        changed[whole.length / 2] ^= 1;
        Files.write(backup, changed);
        assertRefused("not a whole backup, or no room to unpack it (");
    }

    @Test
    void aZipOfAnythingElseIsRefused() throws IOException {
        for (List<String> names : List.of(
                List.<String>of(),
                List.of("prekeys.txt"),
                List.of("../prekeys.mv.db"),
                List.of("/prekeys.mv.db"),
                List.of("a\\prekeys.mv.db"),
                List.of("prekeys.mv.db", "more.mv.db"),
                List.of("prekeys.mv.db/"))) {
            try (OutputStream file = Files.newOutputStream(backup);
                    ZipOutputStream zip = new ZipOutputStream(file)) {
                for (String name : names) {
                    zip.putNextEntry(new ZipEntry(name));
                    if (!name.endsWith("/")) {
                        zip.write(1);
                    }
                }
            }
            assertRefused("no backup of a store: a zip of one file NAME.mv.db expected");
        }
    }

    @Test
    void aFileThatIsNotThereIsTold() throws IOException {
        Files.delete(backup);
        assertRefused("no such file");
        Files.createDirectory(backup);
        assertRefused("is no file");
    }

    private void assertRefused(String why) throws IOException {
        StorageException refused = assertThrows(StorageException.class, () -> UnpackedBackup.of(backup, beside));
        String text = refused.getMessage();
        assertTrue(text.startsWith("can not unpack " + backup + ": " + why), text);
        assertEquals(List.of(), list(beside));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
