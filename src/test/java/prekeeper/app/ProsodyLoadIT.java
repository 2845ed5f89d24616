package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.commands.AdHocCommandManager;
import org.jivesoftware.smackx.commands.RemoteCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.jxmpp.jid.impl.JidCreate;
import prekeeper.it.Account;
import prekeeper.it.PrivateProsody;
import prekeeper.it.RunningPrekeeper;
import prekeeper.it.Scratch;
import prekeeper.it.XmppServer;
import prekeeper.trial.Load;
import prekeeper.trial.LoadKind;
import prekeeper.trial.LoadReport;
import prekeeper.trial.LoadSettings;
import prekeeper.trial.Reach;

/** The command as an administrator uses it, beside the built jar and a real XMPP server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProsodyLoadIT {
    /** Handshakes are for the one test that is to meet the limit; devices are to be full after a publication. */
    private static final String LIMITS = """
            limits {
              handshakes { burst = 40, per-hour = 1 }
              retrievals-per-requester-and-target.burst = 10000, retrievals-per-target.burst = 10000
              prekey-messages = 25
            }""";

    private Scratch scratch;
    private XmppServer xmpp;
    private RunningPrekeeper prekeeper;

    private record Run(int exitCode, String out, String err) {}

    @BeforeAll
    void startBoth() throws IOException {
        scratch = Scratch.create();
        xmpp = PrivateProsody.start(scratch);
        prekeeper = RunningPrekeeper.start(scratch, xmpp, LIMITS);
    }

    @AfterAll
    void endBoth() {
        scratch.close();
    }

    @AfterEach
    void theServerHasNothingToComplainOf() {
        assertFalse(prekeeper.log().contains("ERROR"), prekeeper::log);
    }

    @Test
    void whatWasAskedForIsAnsweredAndEveryDeviceForgotten() throws Exception {
        Path picture = scratch.folder().resolve("load.svg");
        List<Account> accounts = register("a", 6);
        Run run = load(
                write("a", accounts),
                "--handshakes=10",
                "--publications=3",
                "--messages=10",
                "--retrievals=5",
                "--duration=4s",
                "--json",
                "--picture=" + picture);
        assertEquals(0, run.exitCode(), run.err());
        JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals(6, json.get("users").getAsInt());
        assertEquals(0, json.get("users-lost").getAsInt());
        assertAnswered(json, "handshakes", 40);
        assertAnswered(json, "publications", 12);
        assertAnswered(json, "retrievals", 20);
        int replaced = json.get("devices-replaced").getAsInt();
        assertTrue(replaced > 0, run.out());
        assertEquals(6 + replaced, json.get("devices").getAsInt());
        assertEquals(6 + replaced, json.get("devices-forgotten").getAsInt());
        assertEquals("[\"" + XmppServer.COMPONENT + "\"]", json.get("servers").toString());
        assertTrue(Files.readString(picture).startsWith("<svg"));
        for (Account account : accounts) {
            assertTrue(hasNoDevice(account), account::jid);
        }
    }

    @Test
    void refusalsAreToldApartFromFailures() throws Exception {
        Path file = accounts("b", 1);
        Run run = load(file, "--handshakes=40", "--duration=3s", "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonObject handshakes = JsonParser.parseString(run.out())
                .getAsJsonObject()
                .getAsJsonObject("kinds")
                .getAsJsonObject("handshakes");
        // one of the forty was for the publication of the device
        assertEquals(39, handshakes.get("answered").getAsInt());
        assertEquals(0, handshakes.get("failed").getAsInt(), run.out());
        assertEquals(
                handshakes.get("due").getAsInt() - 39, handshakes.get("refused").getAsInt());
        assertTrue(handshakes.get("refused").getAsInt() > 0);
        assertTrue(run.err().contains("prekeeper: hint: refusals are the prekey server's limits"), run.err());
        Run again = load(file, "--handshakes=1", "--duration=1s");
        assertEquals(1, again.exitCode(), again.err());
        assertTrue(
                again.err()
                        .startsWith("prekeeper: error: b1@example.org: the prekey server refused to take a device\n"),
                again.err());
    }

    @Test
    void whoCannotLogInIsNamedAndTheOthersAreMeasured() throws Exception {
        Path file = accounts("c", 2);
        Files.writeString(file, Files.readString(file) + "nobody@example.org hunter2\n");
        Run run = load(file, "--handshakes=5", "--duration=1s");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(
                run.err()
                        .contains(
                                "prekeeper: warning: could not log in as nobody@example.org: the XMPP server refused the"
                                        + " password\n"),
                run.err());
        assertTrue(run.out().contains("\n2 of 2 devices are forgotten again.\n"), run.out());
    }

    @Test
    void whereThereIsNoPrekeyServerNothingCanBeMeasured() throws Exception {
        Account stranger = xmpp.register("stranger", XmppServer.OTHER_HOST);
        Run run = load(write("strangers", List.of(stranger)), "--handshakes=5", "--duration=1s");
        assertEquals(new Run(1, "", """
                        prekeeper: error: example.net lists no prekey server that answers
                        prekeeper: error: nothing could be measured
                        prekeeper: hint: check that it runs and is connected, or name one with --server
                        """), run);
    }

    @Test
    void endedBeforeItsTimeItTellsWhatItHasAndLeavesNothing() throws Exception {
        List<prekeeper.trial.Account> accounts =
                AccountsFile.read(accounts("d", 2), new Console(System.out, System.err, Map.of()));
        Load load = new Load(
                new LoadSettings(
                        Duration.ofHours(1), Map.of(LoadKind.HANDSHAKES, 5.0), 10, Optional.of(XmppServer.COMPONENT)),
                accounts,
                new Reach(Optional.of("localhost"), xmpp.clientPort(), Reach.Tls.NONE),
                new SecureRandom(),
                Clock.systemUTC());
        CompletableFuture<LoadReport> running = CompletableFuture.supplyAsync(() -> {
            try {
                return load.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        while (load.progress().answered() == 0 && !running.isDone()) {
            Thread.sleep(20);
        }
        load.stop();
        LoadReport report = running.get();
        assertTrue(report.ended());
        assertTrue(report.kinds().get(0).answered() > 0);
        assertEquals(0, report.kinds().get(0).failed());
        assertEquals(2, report.devices());
        assertEquals(2, report.forgotten());
    }

    private static void assertAnswered(JsonObject json, String kind, int expected) {
        JsonObject counts = json.getAsJsonObject("kinds").getAsJsonObject(kind);
        int due = counts.get("due").getAsInt();
        assertEquals(expected, due, 6 * Math.sqrt(expected), kind);
        assertEquals(due, counts.get("answered").getAsInt(), counts::toString);
        assertEquals(0, counts.get("refused").getAsInt());
        assertEquals(0, counts.get("failed").getAsInt());
        assertTrue(counts.getAsJsonObject("latency-ms").get("p50").getAsDouble() > 0);
    }

    /** Whether the server offers no device to forget: then its command is over at once. */
    private boolean hasNoDevice(Account account) throws Exception {
        XMPPTCPConnection connection = new XMPPTCPConnection(XMPPTCPConnectionConfiguration.builder()
                .setHost("localhost")
                .setPort(xmpp.clientPort())
                .setXmppDomain(account.host())
                .setUsernameAndPassword(account.name(), account.password())
                .setSecurityMode(SecurityMode.disabled)
                .build());
        try {
            connection.connect().login();
            RemoteCommand command = AdHocCommandManager.getAddHocCommandsManager(connection)
                    .getRemoteCommand(JidCreate.from(XmppServer.COMPONENT), "prekeeper:user#forget-device");
            command.execute();
            return command.isCompleted();
        } finally {
            connection.disconnect();
        }
    }

    private Path accounts(String name, int count) throws IOException {
        return write(name, register(name, count));
    }

    private List<Account> register(String name, int count) throws IOException {
        List<Account> accounts = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            accounts.add(xmpp.register(name + i, XmppServer.HOST));
        }
        return accounts;
    }

    private Path write(String name, List<Account> accounts) throws IOException {
        Path file = scratch.folder().resolve(name + ".accounts");
        StringBuilder lines = new StringBuilder("# made for this test\n");
        accounts.forEach(account -> lines.append(account.jid())
                .append(' ')
                .append(account.password())
                .append('\n'));
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, lines);
        return file;
    }

    private Run load(Path accounts, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "load", "--accounts=" + accounts, "--host=localhost", "--port=" + xmpp.clientPort(), "--tls=none"));
        args.addAll(List.of(more));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.execute(new Console(printer(out), printer(err), Map.of()), args.toArray(String[]::new));
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream printer(ByteArrayOutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }
}
