package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.store.Publishing.LATER;
import static prekeeper.store.Publishing.NOW;
import static prekeeper.store.Publishing.bytes;
import static prekeeper.store.Publishing.message;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.h2.Driver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.SecretBytes;
import prekeeper.wire.Draft;

class H2PrekeyStoreTest extends PrekeyStoreRaces {
    @TempDir
    Path folder;

    @Override
    PrekeyStore openStore() {
        return JdbcPrekeyStore.open(at(folder.resolve("prekeys")));
    }

    @Override
    PrekeyStore openAnother() {
        return JdbcPrekeyStore.open(at(folder.resolve("another")));
    }

    private static StoreSettings at(Path path) {
        return new StoreSettings("jdbc:h2:file:" + path, Optional.empty(), Optional.empty());
    }

    private void reopen() {
        store.close();
        store = openStore();
    }

    private static String refusal(StoreSettings settings) {
        StorageException refused = assertThrows(
                StorageException.class, () -> JdbcPrekeyStore.open(settings).close());
        assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
        return refused.getMessage();
    }

    @Test
    void whatWasPublishedSurvivesARestart() {
        phone().profiles().messages(1, 2).in(store);
        reopen();
        assertEquals(2, count(PHONE, KEY));
        assertEquals(message(1), takeMessage());
    }

    @Test
    void whatWasTakenStaysTakenAfterARestart() {
        phone().profiles().messages(1, 2).in(store);
        takeMessage();
        reopen();
        phone().messages(1).in(store);
        assertEquals(message(2), takeMessage());
        assertEquals(List.of(), take(ALICE));
    }

    @Test
    void aClosedStoreAnswersNothingAndDoesNotOpenAgain() throws IOException {
        phone().profiles().messages(1).in(store);
        store.close();
        assertThrows(StorageException.class, () -> take(ALICE));
        assertThrows(StorageException.class, () -> count(PHONE, KEY));
        assertThrows(StorageException.class, () -> phone().messages(2).in(store));
        store.close();
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("prekeys.mv.db")), left.toList());
        }
    }

    @Test
    void anInterruptedCallerHarmsNobody() throws InterruptedException {
        phone().profiles().messagesFrom(0, 50).in(store);
        for (int i = 0; i < 4; i++) {
            reopen(); // so that the next statement reads the file
            Thread caller = new Thread(() -> {
                Thread.currentThread().interrupt();
                take(ALICE);
            });
            caller.start();
            caller.join();
        }
        assertEquals(46, count(PHONE, KEY));
    }

    @Test
    void anInterruptedThreadClosesTheStoreInOrder() {
        phone().profiles().messages(1).in(store);
        Thread.currentThread().interrupt();
        store.close();
        assertTrue(Thread.interrupted(), "and stays interrupted");
        store = openStore();
        assertEquals(1, count(PHONE, KEY));
    }

    @Test
    void aDatabaseInUseIsNamedAsTheCause() throws Exception {
        Process other = holder();
        try {
            String text = refusal(at(folder.resolve("held")));
            assertTrue(text.contains("held.mv.db is in use by another process"), text);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatWasPublishedStaysAndWhatWasTakenStaysGoneWhenTheProcessIsKilled() throws Exception {
        holder().destroyForcibly().waitFor();
        try (PrekeyStore reopened = JdbcPrekeyStore.open(at(folder.resolve("held")))) {
            assertEquals(Holder.PUBLISHED - 1, reopened.count(PHONE, KEY, NOW));
            assertEquals(
                    List.of(Publishing.message(1)),
                    reopened.takeEnsembles(oneOfAlice(), NOW).stream()
                            .map(Ensemble::prekeyMessage)
                            .toList());
        }
    }

    private static Take oneOfAlice() {
        return new Take(ALICE, Draft.SPEC, "4", 1, 0);
    }

    /** Another process that has published and taken, and now holds the database open. */
    private Process holder() throws IOException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-XX:TieredStopAtLevel=1",
                        Holder.class.getName(),
                        folder.resolve("held").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals(Holder.READY, readLine(other));
        return other;
    }

    private static String readLine(Process process) throws IOException {
        return process.inputReader(StandardCharsets.UTF_8)
                .lines()
                .filter(Holder.READY::equals)
                .findFirst()
                .orElse("it ended");
    }

    /** Publishes and takes, then holds the database open until it is killed. */
    static final class Holder {
        static final String READY = "open";
        static final int PUBLISHED = 50;

        private Holder() {}

        @SuppressWarnings("SystemOut") // what its parent waits for
        public static void main(String[] arguments) throws InterruptedException {
            try (PrekeyStore held = JdbcPrekeyStore.open(at(Path.of(arguments[0])))) {
                Publishing publishing = Publishing.of(PHONE, KEY)
                        .clientProfile("client profile", LATER, "4")
                        .prekeyProfile("prekey profile", LATER);
                publishing.messagesFrom(0, PUBLISHED).in(held);
                held.takeEnsembles(oneOfAlice(), NOW);
                System.out.println(READY);
                Thread.sleep(60_000);
            }
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsCalledDamaged() throws IOException {
        Path file = folder.resolve("broken.mv.db");
        Files.writeString(file, "no database ".repeat(2000));
        String text = refusal(at(folder.resolve("broken")));
        assertTrue(text.contains(file + " is damaged"), text);
        assertTrue(Files.size(file) > 20_000, "and it is left as it was found");
    }

    @Test
    void aDatabaseWithoutItsHeadIsCalledDamaged() throws IOException {
        phone().profiles().messagesFrom(0, 100).in(store);
        store.close();
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("prekeys.mv.db").toFile(), "rw")) {
            file.write(new byte[(int) file.length()]);
        }
        String text = refusal(at(folder.resolve("prekeys")));
        assertTrue(text.contains("prekeys.mv.db is damaged"), text);
    }

    @Test
    void aFolderThatIsAFileIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        String text = refusal(at(file.resolve("prekeys")));
        assertTrue(text.contains(file.toString()), text);
    }

    @Test
    void filesAndFoldersAreMadeForTheOwnerAlone() throws IOException {
        Path made = folder.resolve("a").resolve("b");
        try (PrekeyStore another = JdbcPrekeyStore.open(at(made.resolve("prekeys")))) {
            phone().profiles().in(another);
        }
        for (Path path : List.of(made.getParent(), made)) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        }
        Path file = made.resolve("prekeys.mv.db");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aWrongPasswordIsNamedAndNotShown() {
        String url = "jdbc:h2:file:" + folder.resolve("secret");
        JdbcPrekeyStore.open(new StoreSettings(url, Optional.of("keeper"), Optional.of(secret("right"))))
                .close();
        String text = refusal(new StoreSettings(url, Optional.of("keeper"), Optional.of(secret("wrong"))));
        assertTrue(text.contains("refuses the user or the password"), text);
        assertFalse(text.contains("wrong"), text);
    }

    private static SecretBytes secret(String password) {
        return SecretBytes.copyOf(password.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void tablesOfANewerVersionAreRefused() throws Exception {
        store.close();
        String url = "jdbc:h2:ordered:" + folder.resolve("prekeys");
        try (var connection = new Driver().connect(url, new Properties());
                var statement = connection.createStatement()) {
            statement.execute("INSERT INTO \"flyway_schema_history\" SELECT 99, '99', 'later', 'SQL', 'V99__later.sql',"
                    + " 0, '', CURRENT_TIMESTAMP, 0, TRUE");
            statement.execute("SHUTDOWN");
        }
        String text = refusal(at(folder.resolve("prekeys")));
        assertTrue(text.contains("can not bring the tables of"), text);
        refusal(at(folder.resolve("prekeys"))); // and the file was let go, or this one would tell of a lock
    }

    @Test
    void aDatabaseOfTheFirstVersionIsBroughtUpToDate() throws Exception {
        String url = "jdbc:h2:file:" + folder.resolve("first");
        Flyway.configure(getClass().getClassLoader())
                .dataSource(url, "", "")
                .locations("classpath:prekeeper/store/migrations/h2")
                .target("1")
                .load()
                .migrate();
        try (var connection = new Driver().connect(url, new Properties());
                var statement = connection.createStatement()) {
            statement.execute("INSERT INTO device (owner, instance_tag, long_term_key, expires_at, next_sequence)"
                    + " VALUES ('" + ALICE + "', 4096, X'" + "01" + "00".repeat(56) + "', "
                    + LATER.getEpochSecond() + ", 1)");
            statement.execute(
                    "UPDATE device SET client_profile = X'0A0B', client_profile_draft = 'SPEC', versions = '4',"
                            + " client_profile_published_at = 0, prekey_profile = X'0C', prekey_profile_draft = 'SPEC',"
                            + " prekey_profile_expires_at = expires_at");
            statement.execute("INSERT INTO prekey_message VALUES (4294967296, X'0D0E0F')");
            statement.execute("INSERT INTO remembered_identifier VALUES (4294967296 + 1)");
        }
        try (JdbcPrekeyStore upToDate = JdbcPrekeyStore.open(at(folder.resolve("first")))) {
            phone().messages(1, 2).in(upToDate);
            assertEquals(2, upToDate.count(PHONE, KEY, NOW));
            assertEquals(
                    List.of(new Ensemble(
                            PHONE,
                            Bytes.of(new byte[] {10, 11}),
                            Bytes.of(new byte[] {12}),
                            Bytes.of(new byte[] {13, 14, 15}),
                            1)),
                    upToDate.takeEnsembles(new Take(ALICE, Draft.SPEC, "4", 1, 1), NOW));
            assertEquals(1, upToDate.inventory().devices(ALICE, NOW).size());
            assertTrue(upToDate.blockList().block("example.com", NOW));
            assertEquals(1, upToDate.inventory().removeExpired(10, LATER));
        }
    }

    @Test
    void aMigrationThatWasKilledHalfwayRunsAgain() throws Exception {
        phone().profiles().messages(7).in(store);
        store.close();
        String url = "jdbc:h2:ordered:" + folder.resolve("prekeys");
        try (var connection = new Driver().connect(url, new Properties());
                var statement = connection.createStatement()) {
            statement.execute("DELETE FROM \"flyway_schema_history\"");
            statement.execute("DROP TABLE blocked");
            statement.execute("SHUTDOWN");
        }
        store = openStore();
        assertEquals(
                List.of(new Ensemble(PHONE, bytes("client profile"), bytes("prekey profile"), message(7), 0)),
                take(ALICE));
    }

    @Test
    void aDatabaseInMemoryWorksToo() {
        try (PrekeyStore memory =
                JdbcPrekeyStore.open(new StoreSettings("jdbc:h2:mem:contract", Optional.empty(), Optional.empty()))) {
            phone().profiles().messages(1).in(memory);
            assertEquals(1, memory.count(PHONE, KEY, NOW));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "jdbc:h2:file:",
                "jdbc:h2:mem:",
                "jdbc:h2:/tmp/x",
                "jdbc:h2:tcp://host/x",
                "jdbc:postgresql:x",
                "jdbc:postgresql://keeper:hidden@host/x",
                "jdbc:postgresql://host/",
                "jdbc:h2:file:/tmp/x;PASSWORD=hidden"
            })
    void otherUrlsAreRefusedWithWhatIsAllowed(String url) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> new StoreSettings(url, Optional.empty(), Optional.empty()));
        assertTrue(
                refused.getMessage()
                        .contains(
                                "allowed are jdbc:h2:file:PATH, jdbc:h2:mem:NAME and jdbc:postgresql://HOST[:PORT]/DATABASE"),
                url);
        assertFalse(refused.getMessage().contains("hidden"), refused.getMessage());
    }
}
