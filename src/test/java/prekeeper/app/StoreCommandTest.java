package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.client.PrekeyDevice;
import prekeeper.crypto.Bytes;
import prekeeper.store.DeviceId;
import prekeeper.store.JdbcPrekeyStore;
import prekeeper.store.Publication;
import prekeeper.store.Publication.ClientProfileEntry;
import prekeeper.store.Publication.PrekeyMessageEntry;
import prekeeper.store.Publication.PrekeyProfileEntry;
import prekeeper.store.PublicationResult;
import prekeeper.store.Quotas;
import prekeeper.store.RecordedContents;
import prekeeper.store.StoreSettings;
import prekeeper.store.Take;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyMessage;

/** {@code prekeeper store ...} as an administrator runs it. */
class StoreCommandTest {
    private static final String ALICE = "alice@example.org";
    private static final InstanceTag TAG = new InstanceTag(0x1234);
    private static final int MESSAGES = 3;

    private static PrekeyDevice device;
    private static List<PrekeyMessage> messages;

    @TempDir
    private Path folder;

    private Path config;

    private record Run(int exitCode, String out, String err) {}

    @BeforeAll
    static void makeDevice() {
        SecureRandom random = new SecureRandom();
        device = PrekeyDevice.generate(Draft.DEPLOYED, TAG, Instant.now().plusSeconds(3600), random);
        messages = device.newPrekeyMessages(MESSAGES, random);
    }

    @AfterAll
    static void wipe() {
        device.close();
    }

    @BeforeEach
    void configure() throws IOException {
        config = configuration("prekeys");
    }

    @Test
    void aBackupThatIsPutBackHandsNothingOutAgain() throws IOException {
        fill("prekeys");
        Path backup = folder.resolve("backup.zip");
        Run backedUp = run("backup", backup.toString());
        assertEquals(new Run(0, "backed up to " + backup + " (" + Files.size(backup) + " bytes)\n", ""), backedUp);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)));

        Path database = folder.resolve("prekeys.mv.db");
        assertEquals(
                new Run(
                        1,
                        "",
                        "prekeeper: error: a database is there already: " + database
                                + "; stop the server, and move it away\n"),
                run("restore", backup.toString()));
        Files.delete(database);
        assertEquals(
                new Run(
                        0,
                        "restored " + backup + " to " + database + "\n" + MESSAGES
                                + " prekey messages were marked as spent, since they may have been handed out\n",
                        "prekeeper: hint: nobody can write to their owners while those are offline until their clients"
                                + " publish new ones, as they do when they connect\n"
                                + "prekeeper: hint: there is no identity key at " + folder.resolve("identity.key")
                                + ": put its copy there before the server starts, or it makes a new one, and everybody has to"
                                + " compare fingerprints again\n"),
                run("restore", backup.toString()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(database)));
        try (JdbcPrekeyStore store = open("prekeys")) {
            assertTrue(store.takeEnsembles(new Take(ALICE, Draft.DEPLOYED, "4", 1, 1), Instant.now())
                    .isEmpty());
            publish(store);
            assertEquals(0, store.inventory().counts().prekeyMessages(), "identifiers stay remembered");
        }
        assertEquals(List.of("backup.zip", "prekeeper.conf", "prekeys.mv.db"), names());
    }

    @Test
    void aBackupIsNeverWrittenOverSomething() throws IOException {
        fill("prekeys");
        Path there = Files.writeString(folder.resolve("there"), "precious");
        assertEquals(
                new Run(
                        1,
                        "",
                        "prekeeper: error: can not back up to " + there
                                + ": something is there already; name another file\n"),
                run("backup", there.toString()));
        assertEquals("precious", Files.readString(there));
    }

    @Test
    void aRunningServerBacksUpAndTheBackupIsVerified() throws Exception {
        fill("prekeys");
        Path backup = folder.resolve("backup.zip");
        try (JdbcPrekeyStore store = open("prekeys");
                AutoCloseable socket =
                        ControlSocket.open(folder.resolve("prekeys.control"), store.inventory()::backUp)) {
            assertTrue(Files.exists(folder.resolve("prekeys.control")), socket.toString());
            Run backedUp = run("backup", backup.toString());
            assertEquals("", backedUp.err());
            assertEquals(0, backedUp.exitCode());
            assertEquals(
                    "prekeeper: error: can not back up to " + backup
                            + ": something is there already; name another file\n",
                    run("backup", backup.toString()).err());
            assertEquals(
                    new Run(
                            0,
                            "verified 1 devices (0 expired), 3 prekey messages, 3 remembered identifiers: all right\n",
                            ""),
                    run("verify", "--backup", backup.toString()));
        }
    }

    @Test
    void aMissingDatabaseIsNotMade() throws IOException {
        for (String[] command : new String[][] {
            {"backup", folder.resolve("backup.zip").toString()},
            {"verify"},
            {"export", folder.resolve("export").toString()},
            {"restore", "--spend-only"}
        }) {
            assertEquals(new Run(1, "", """
                            prekeeper: error: %s: no such database
                            prekeeper: hint: store.url in the configuration names it, without the ending .mv.db
                            """.formatted(folder.resolve("prekeys.mv.db"))), run(command));
        }
        assertEquals(List.of("prekeeper.conf"), names());
    }

    @Test
    void postgresqlHasItsOwnToolsForBackups() throws IOException {
        configuration("jdbc:postgresql://127.0.0.1:1/prekeeper", config);
        assertEquals(new Run(1, "", """
                        prekeeper: error: a database of PostgreSQL is backed up with its own tools
                        prekeeper: hint: pg_dump does it; docs/operations.md tells how
                        """), run("backup", "/nowhere"));
        assertEquals(new Run(1, "", """
                        prekeeper: error: only an embedded database is restored from a file
                        prekeeper: hint: put one of PostgreSQL back with pg_restore; then run prekeeper store restore --spend-only
                        """), run("restore", "/nowhere"));
    }

    @Test
    void aDatabaseThatOtherToolsPutBackIsSpent() throws IOException {
        fill("prekeys");
        Files.createFile(folder.resolve("identity.key"));
        assertEquals(
                "3 prekey messages were marked as spent, since they may have been handed out\n",
                run("restore", "--spend-only").out());
        assertEquals(
                new Run(0, "0 prekey messages were marked as spent, since they may have been handed out\n", ""),
                run("restore", "--spend-only"));
    }

    @Test
    void whatIsWrongIsTold() throws IOException {
        try (JdbcPrekeyStore store = open("prekeys")) {
            PrekeyMessage first = messages.get(0);
            PrekeyMessage wrong = new PrekeyMessage(5, new InstanceTag(0x1235), first.y(), first.b());
            publish(store, List.of(new PrekeyMessageEntry(5, wrong.encoded())));
        }
        assertEquals(new Run(1, """
                        alice@example.org 00001234: prekey message at 0: prekey message is another device's
                        verified 1 devices (0 expired), 1 prekey messages, 1 remembered identifiers: 1 faults
                        """, ""), run("verify"));
    }

    @Test
    void noMoreThanAHundredFaultsAreTold() throws IOException {
        try (JdbcPrekeyStore store = open("prekeys")) {
            List<PrekeyMessageEntry> wrong = new ArrayList<>();
            for (int identifier = 0; identifier < 105; identifier++) {
                wrong.add(new PrekeyMessageEntry(identifier, Bytes.of((byte) 0)));
            }
            publish(store, wrong);
        }
        Run run = run("verify");
        assertEquals(1, run.exitCode());
        List<String> lines = run.out().lines().toList();
        assertEquals(102, lines.size());
        // each is malformed, and none of their identifiers could be read
        assertEquals("and 5 more", lines.get(100));
        assertTrue(lines.get(101).endsWith("105 prekey messages, 105 remembered identifiers: 105 faults"), run.out());
    }

    @Test
    void anExportFillsAnotherDatabaseWithTheSame() throws IOException {
        fill("prekeys");
        Path export = folder.resolve("export.jsonl");
        assertEquals(
                new Run(
                        0,
                        "exported to " + export
                                + ": 1 devices, 3 prekey messages, 3 remembered identifiers, 0 blocked\n",
                        ""),
                run("export", export.toString()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(export)));
        RecordedContents all = contents("prekeys");

        config = configuration("other");
        Run imported = new Run(0, "imported 1 devices, 3 prekey messages, 3 remembered identifiers, 0 blocked\n", "");
        assertEquals(imported, run("import", export.toString()));
        assertEquals(all, contents("other"));
        assertEquals(
                new Run(
                        1,
                        "",
                        "prekeeper: error: the store has devices already, and only one without any is filled; name an empty"
                                + " database\n"),
                run("import", export.toString()));

        config = configuration("piped");
        assertEquals(imported, run(new ByteArrayInputStream(Files.readAllBytes(export)), "import", "-"));
        assertEquals(all, contents("piped"));
        assertEquals(
                withoutTime(Files.readString(export)),
                withoutTime(run("export", "-").out()));
    }

    @Test
    void anExportNeverReplacesAFileAndAWrongOneImportsNothing() throws IOException {
        fill("prekeys");
        Path export = folder.resolve("export.jsonl");
        run("export", export.toString());
        assertEquals(new Run(1, "", """
                        prekeeper: error: %s: something is there already
                        prekeeper: hint: name another file
                        """.formatted(export)), run("export", export.toString()));

        String whole = Files.readString(export);
        Files.writeString(export, whole.substring(0, whole.lastIndexOf("{\"end\"")));
        config = configuration("other");
        assertEquals(new Run(1, "", """
                        prekeeper: error: %s:7: the file ends here, before its last line; it was cut
                        prekeeper: hint: nothing was imported
                        """.formatted(export)), run("import", export.toString()));
        assertEquals(new RecordedContents(), contents("other"));
        assertEquals(1, run("import", folder.resolve("none").toString()).exitCode());
    }

    @Test
    void theFilesOfOtrngPrekeyServerAreImported() throws Exception {
        Path files = folder.resolve("otrng");
        String hash = HexFormat.of()
                .withUpperCase()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(ALICE.getBytes(StandardCharsets.UTF_8)));
        Path there = files.resolve(hash.substring(0, 4)).resolve(hash).resolve("00001234");
        Files.createDirectories(there.resolve("pm"));
        Files.write(there.resolve("cp.bin"), device.clientProfile().encoded().toByteArray());
        Files.write(there.resolve("pp.bin"), device.prekeyProfile().encoded().toByteArray());
        for (PrekeyMessage message : messages) {
            Files.write(
                    there.resolve("pm").resolve(String.format("%08X.bin", message.identifier())),
                    message.encoded().toByteArray());
        }
        Path accounts = Files.writeString(folder.resolve("accounts"), "alice@example.org\nbob@example.org\n");
        assertEquals(
                new Run(0, """
                        alice@example.org 00001234: imported with 3 prekey messages
                        imported 1 devices and 3 prekey messages of 1 accounts; 1 accounts of the list have nothing there; \
                        0 folders there belong to no account of the list
                        """, ""),
                run("import", "--from-otrng", files.toString(), "--accounts", accounts.toString()));
        assertEquals(0, run("verify").exitCode());
        assertEquals(
                1,
                run("import", "--from-otrng", folder.resolve("none").toString(), "--accounts", accounts.toString())
                        .exitCode());
    }

    @Test
    void aCommandLineThatIsNotUnderstoodExitsWith2() {
        assertEquals("prekeeper: error: a command is missing\n", usage("store"));
        assertEquals(
                "prekeeper: error: missing required parameter: 'FILE'\n", usage("store", "backup", "--config", "x"));
        assertEquals(
                "prekeeper: error: missing required argument (specify one of these): (FILE | --spend-only)\n",
                usage("store", "restore", "--config", "x"));
        assertEquals(
                "prekeeper: error: unknown option or argument backup.zip\n",
                usage("store", "restore", "--config", "x", "--spend-only", "backup.zip"));
        assertEquals(
                "prekeeper: error: missing required argument(s): --accounts=FILE\n",
                usage("store", "import", "--config", "x", "--from-otrng", "folder"));
        assertFalse(execute(InputStream.nullInputStream(), "store", "import", "--help")
                .out()
                .isEmpty());
    }

    private String usage(String... args) {
        Run run = execute(InputStream.nullInputStream(), args);
        assertEquals(2, run.exitCode(), run.err());
        return run.err().lines().findFirst().orElse("") + "\n";
    }

    private Run run(String... args) {
        return run(InputStream.nullInputStream(), args);
    }

    private Run run(InputStream in, String... args) {
        List<String> all = new ArrayList<>(List.of("store"));
        all.addAll(List.of(args));
        all.addAll(2, List.of("--config", config.toString()));
        return execute(in, all.toArray(String[]::new));
    }

    private static Run execute(InputStream in, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.execute(new Console(printer(out), printer(err), Map.of()), in, args);
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream printer(ByteArrayOutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    private void fill(String name) {
        try (JdbcPrekeyStore store = open(name)) {
            publish(store);
        }
    }

    private static void publish(JdbcPrekeyStore store) {
        publish(
                store,
                messages.stream()
                        .map(message -> new PrekeyMessageEntry(message.identifier(), message.encoded()))
                        .toList());
    }

    private static void publish(JdbcPrekeyStore store, List<PrekeyMessageEntry> entries) {
        Instant expires = device.clientProfile().expires();
        assertEquals(
                PublicationResult.STORED,
                store.publish(
                        new Publication(
                                new DeviceId(ALICE, TAG),
                                device.draft(),
                                device.clientProfile().longTermKey(),
                                expires,
                                Optional.of(new ClientProfileEntry(
                                        device.clientProfile().encoded(), expires, "4")),
                                Optional.of(new PrekeyProfileEntry(
                                        device.prekeyProfile().encoded(),
                                        device.prekeyProfile().expires())),
                                entries),
                        new Quotas(500, 8),
                        Instant.now()));
    }

    private JdbcPrekeyStore open(String name) {
        return JdbcPrekeyStore.open(
                new StoreSettings("jdbc:h2:file:" + folder.resolve(name), Optional.empty(), Optional.empty()));
    }

    private RecordedContents contents(String name) throws IOException {
        try (JdbcPrekeyStore store = open(name)) {
            return RecordedContents.of(store.contents());
        }
    }

    private static String withoutTime(String export) {
        return export.replaceFirst("\"at\":\"[^\"]*\"", "").replaceFirst("\"end\":\"[^\"]*\"", "");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path configuration(String name) throws IOException {
        return configuration("jdbc:h2:file:./" + name, folder.resolve("prekeeper.conf"));
    }

    private static Path configuration(String url, Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, """
                prekeeper {
                  component { jid = "prekey.example.org", secret = "hunter2" }
                  store.url = "%s"
                  key-file = "identity.key"
                }
                """.formatted(url));
    }
}
