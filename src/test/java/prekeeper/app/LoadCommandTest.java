package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is decided before anything is sent; nobody can be asked here. */
class LoadCommandTest {
    private static final String TERMS = """
            This puts a load on
              the XMPP server of example.org
            with 2 users for 90 s. A second: handshakes 2.5, publications of 20 prekey messages 0.1, retrievals 5.
            Retrievals take prekey messages of all devices of these accounts.
            """;

    @TempDir
    private Path folder;

    private Path accounts;

    private record Run(int exitCode, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        accounts = folder.resolve("accounts");
        Files.writeString(accounts, "alice@example.org hunter2\nbob@example.org hunter3\n");
        Files.setPosixFilePermissions(accounts, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void withoutAnybodyToAskNothingGoesToAnotherMachine() {
        assertEquals(
                new Run(1, "", TERMS + """
                        prekeeper: error: nobody can be asked whether that is meant, so nothing was sent
                        prekeeper: hint: --yes says so beforehand
                        """),
                run(
                        "--duration",
                        "90s",
                        "--handshakes",
                        "2.5",
                        "--publications",
                        "0.1",
                        "--messages",
                        "20",
                        "--retrievals",
                        "5"));
    }

    @Test
    void passwordsInTheClearGoToThisMachineOnly() {
        String error = "--tls none would send passwords in the clear, and is for a --host on this machine";
        assertUsage(error, "--handshakes", "1", "--tls", "none", "--yes");
        assertUsage(error, "--handshakes", "1", "--tls", "none", "--yes", "--host", "192.0.2.1");
    }

    @Test
    void whatMakesNoSenseIsAMatterOfTheCommandLine() {
        assertUsage("no rate is above 0, so there is nothing to do");
        assertUsage(
                "invalid value for option '--duration': '5' is no time such as 90s, 10m or 1h",
                "--handshakes",
                "1",
                "--duration",
                "5");
        assertUsage(
                "invalid value for option '--tls': 'some' is none of required, unchecked and none",
                "--handshakes",
                "1",
                "--tls",
                "some");
        assertUsage("--port is the one of a --host, and there is none", "--handshakes", "1", "--port", "5222");
        assertUsage("--port 70000 is no port", "--handshakes", "1", "--host", "localhost", "--port", "70000");
        assertUsage(
                "a publication of 0 prekey messages, from 1 to 100 can be asked for",
                "--publications",
                "1",
                "--messages",
                "0");
    }

    @Test
    void oneAccountAloneHasNobodyToRetrieveFrom() throws IOException {
        Files.writeString(accounts, "alice@example.org hunter2\n");
        assertUsage("users retrieve from each other, so that takes two accounts", "--retrievals", "1");
    }

    @Test
    void passwordsThatOthersCanReadAreWarnedOf() throws IOException {
        Files.setPosixFilePermissions(accounts, PosixFilePermissions.fromString("rw-r--r--"));
        Run run = run("--handshakes", "1");
        assertTrue(
                run.err()
                        .startsWith("prekeeper: warning: " + accounts
                                + ": open to others than its owner; run chmod go-rwx " + accounts + "\n"),
                run.err());
    }

    @Test
    void aPictureThatCannotBeWrittenIsToldBeforeTheLoad() {
        Path picture = folder.resolve("none").resolve("load.svg");
        assertEquals(
                new Run(1, "", """
                        prekeeper: error: %s: can not be written
                        prekeeper: hint: --picture names a file in a folder that is there
                        """.formatted(picture)),
                run("--handshakes", "1", "--yes", "--picture", picture.toString()));
    }

    private void assertUsage(String error, String... args) {
        assertEquals(
                new Run(
                        2,
                        "",
                        "prekeeper: error: " + error
                                + "\nprekeeper: hint: prekeeper load --help tells what there is\n"),
                run(args));
    }

    private Run run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of("load", "--accounts", accounts.toString()));
        Stream.of(args).forEach(all::add);
        int exitCode = Main.execute(new Console(printer(out), printer(err), Map.of()), all.toArray(String[]::new));
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream printer(ByteArrayOutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }
}
