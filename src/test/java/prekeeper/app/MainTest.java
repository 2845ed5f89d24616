package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    /** RFC 8032, 7.4, "Blank": its private key is our symmetric key. */
    private static final String SYMMETRIC_KEY =
            "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b";

    private static final String PUBLIC_KEY =
            "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180";

    /** SHAKE-256("OTRv4" || 00 || public key, 56), computed by Python's hashlib. */
    private static final String SPEC_FINGERPRINT =
            "1951D007 5643E4E9 10830A39 94B64223 57199623 8DB7C828 B1667B36 074431E6 A6489D59 CB5AA03E DF760936 4BDB6D82 92469C80 73E682AD";

    /** The same with 00 10 before the public key. */
    private static final String DEPLOYED_FINGERPRINT =
            "DFED7AFE 69D74BD3 CEC50B24 1A5E5AD0 80AF0980 69846393 CBEFB049 8C981F82 27707FF6 E436DCA0 937B0570 78A94103 02A8421F 4F20C7CC";

    @TempDir
    private Path folder;

    private Path config;
    private Path keyFile;

    private record Run(int exitCode, String out, String err) {}

    @BeforeEach
    void configure() throws IOException {
        config = folder.resolve("prekeeper.conf");
        keyFile = folder.resolve("identity.key");
        write("""
                prekeeper {
                  component { jid = "prekey.example.org", secret = "hunter2" }
                  store { url = "jdbc:h2:mem:check", user = "keeper", password = "hunter2" }
                  key-file = "identity.key"
                }
                """);
    }

    @Test
    void aGoodConfigurationIsSummedUpWithoutItsSecrets() {
        assertEquals(new Run(0, """
                        configuration is fine
                          component   prekey.example.org at 127.0.0.1:5347
                          store       jdbc:h2:mem:check
                          key file    %s (will be made on first start)
                          publishers  example.org
                          retrievers  *
                          admins      none
                          limits      500 prekey messages a device, 8 devices an account, 131072 bytes a publication, low at 10; rates: by default
                          metrics     off
                        """.formatted(keyFile), ""), run("check-config", "--config", config.toString()));
        assertFalse(Files.exists(keyFile));
    }

    @Test
    void whereMetricsAreShownIsAnUrl() throws IOException {
        write("""
                prekeeper {
                  component { jid = "prekey.example.org", secret = "hunter2" }
                  key-file = "identity.key"
                  metrics { enabled = true, host = "::1" }
                }
                """);
        String out = run("check-config", "--config", config.toString()).out();
        assertTrue(out.endsWith("  metrics     http://[::1]:9431/metrics\n"), out);
    }

    @Test
    void anEndpointThatIsInUseIsAProblemOfTheStart() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            write("""
                    prekeeper {
                      component { jid = "prekey.example.org", port = 1, secret = "hunter2" }
                      store.url = "jdbc:h2:mem:metrics"
                      key-file = "identity.key"
                      metrics { enabled = true, port = %d }
                    }
                    """.formatted(other.getLocalPort()));
            assertEquals(
                    new Run(1, "", """
                            prekeeper: error: metrics can not be served at 127.0.0.1:%d: Address already in use
                            prekeeper: hint: choose another address with prekeeper.metrics.host and prekeeper.metrics.port
                            """.formatted(other.getLocalPort())), run("run", "--config", config.toString()));
            assertFalse(Files.exists(keyFile));
        }
    }

    @Test
    void everyProblemOfAConfigurationIsOneLine() throws IOException {
        write("prekeeper.component {\n  jid = \"a b\"\n  prot = 1\n  secret = hunter2\n}\n");
        String problems = """
                prekeeper: error: %1$s:2: prekeeper.component.jid is "a b", a domain such as "prekey.example.org" expected
                prekeeper: error: %1$s:3: prekeeper.component.prot: unknown setting; did you mean port?
                """.formatted(config);
        assertEquals(new Run(1, "", problems), run("check-config", "--config", config.toString()));
        // a service manager does not start that again and again
        assertEquals(new Run(78, "", problems), run("run", "--config", config.toString()));
    }

    @Test
    void aMissingConfigurationComesWithAHint() {
        Path none = folder.resolve("none.conf");
        assertEquals(new Run(1, "", """
                        prekeeper: error: %s: no such file
                        prekeeper: hint: conf/prekeeper.conf is a commented example; copy it there and adapt it
                        """.formatted(none)), run("check-config", "--config", none.toString()));
    }

    @Test
    void aBrokenKeyFileIsAProblemOfTheConfigurationAndOfTheStart() throws IOException {
        Files.writeString(keyFile, "prekeeper-identity-1 0123 00000000\n");
        Run expected = new Run(1, "", """
                prekeeper: error: %s: an identity key of 4 hexadecimal digits, 114 expected
                prekeeper: hint: restore the file from its copy; a new key would change the fingerprint that people know \
                this server by
                """.formatted(keyFile));
        assertEquals(expected, run("check-config", "--config", config.toString()));
        assertEquals(expected, run("run", "--config", config.toString()));
    }

    @Test
    void warningsDoNotSpoilTheResult() throws IOException {
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r--r--"));
        Run run = run("check-config", "--config", config.toString());
        assertEquals(0, run.exitCode());
        assertTrue(
                run.err()
                        .startsWith("prekeeper: warning: " + config
                                + ": open to every user of this machine; run chmod o-rwx " + config
                                + "; it holds prekeeper.component.secret\n"),
                run.err());
    }

    @Test
    void aKeyIsMadeOnceAndNeverOverwritten() throws IOException {
        Run made = run("key", "generate", "--config", config.toString());
        assertEquals(0, made.exitCode());
        assertTrue(made.out().startsWith("made " + keyFile + "\npublic key:\n"), made.out());
        String content = Files.readString(keyFile);
        assertEquals(new Run(1, "", """
                        prekeeper: error: %s: a file is there already and is never overwritten
                        prekeeper: hint: prekeeper key show tells the fingerprint of the key in it
                        """.formatted(keyFile)), run("key", "generate", "--key-file", keyFile.toString()));
        assertEquals(content, Files.readString(keyFile));
        Run shown = run("key", "show", "--config", config.toString());
        assertEquals(made.out().replace("made " + keyFile + "\n", ""), shown.out());
        assertFalse(shown.out().contains(content.lines().toList().get(1).split(" ", -1)[1]));
    }

    @Test
    void aKeyIsShownByItsPublicKeyAndBothFingerprints() throws Exception {
        Files.writeString(keyFile, "prekeeper-identity-1 " + SYMMETRIC_KEY + " 02f5d290\n");
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
        assertEquals(
                new Run(0, """
                        public key:
                          %s
                        fingerprint in clients that follow the published specification:
                          %s
                        fingerprint in clients that use libotr-ng:
                          %s
                        """.formatted(PUBLIC_KEY, SPEC_FINGERPRINT, DEPLOYED_FINGERPRINT), ""),
                run("key", "show", "--key-file", keyFile.toString()));
    }

    @Test
    void aCommandLineThatIsNotUnderstoodExitsWith2() {
        assertUsage("missing required option: '--config=FILE'", "prekeeper run", "run");
        assertUsage("unknown option or argument --secret", "prekeeper run", "run", "--config", "x", "--secret=hunter2");
        assertUsage("unknown option or argument start", "prekeeper", "start");
        assertUsage("a command is missing", "prekeeper");
        assertUsage("a command is missing", "prekeeper key", "key");
        assertUsage(
                "missing required argument (specify one of these): (--key-file=FILE | --config=FILE)",
                "prekeeper key show",
                "key",
                "show");
    }

    @Test
    void helpAndVersionAreResults() {
        Run help = run("--help");
        assertEquals(0, help.exitCode());
        assertEquals("", help.err());
        for (String command : new String[] {"run", "check-config", "key", "store", "load"}) {
            assertTrue(help.out().contains("\n  " + command + " "), help.out());
        }
        assertEquals(new Run(0, "prekeeper development\n", ""), run("--version"));
        assertEquals(0, run("key", "generate", "--help").exitCode());
    }

    private void assertUsage(String error, String command, String... args) {
        assertEquals(
                new Run(
                        2,
                        "",
                        "prekeeper: error: " + error + "\nprekeeper: hint: " + command
                                + " --help tells what there is\n"),
                run(args));
    }

    private static Run run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.execute(new Console(printer(out), printer(err), Map.of()), args);
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream printer(ByteArrayOutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    private void write(String content) throws IOException {
        Files.writeString(config, content);
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
    }
}
