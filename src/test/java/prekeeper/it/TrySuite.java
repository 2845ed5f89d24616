package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import prekeeper.app.MainRun;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;

/** {@code prekeeper try} beside a real XMPP server: a deployment that works, and those that do not. */
abstract class TrySuite {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path LAUNCHER = Path.of("bin", "prekeeper").toAbsolutePath();

    private Scratch scratch;
    private XmppServer xmpp;
    private String tls = "none";

    /** What is said in the end. */
    record Said(int exitCode, JsonObject said, String err) {
        List<JsonObject> failures() {
            return steps("failed");
        }

        List<JsonObject> steps(String verdict) {
            return said.getAsJsonArray("steps").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .filter(step -> step.get("verdict").getAsString().equals(verdict))
                    .toList();
        }

        JsonObject step(String name) {
            return said.getAsJsonArray("steps").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .filter(step -> step.get("step").getAsString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no step " + name + " in " + said));
        }

        /** Why the first step failed that did. */
        String cause() {
            assertEquals(1, exitCode, said::toString);
            assertFalse(failures().isEmpty(), said::toString);
            return failures().get(0).get("cause").getAsString();
        }
    }

    abstract XmppServer startServer(Scratch scratch) throws IOException;

    /** One that lets clients send stanzas of 8 KB at most. */
    abstract XmppServer startNarrow(Scratch scratch) throws IOException;

    @BeforeEach
    void begin() throws IOException {
        scratch = Scratch.create();
    }

    @AfterEach
    void end() {
        scratch.close();
    }

    @Test
    void aDeploymentThatWorksIsProvenByTheJarAndLeftAsItWas() throws Exception {
        xmpp = startServer(scratch);
        RunningPrekeeper prekeeper = RunningPrekeeper.start(scratch, xmpp);
        Account alice = xmpp.register("alice", XmppServer.HOST);
        ChildProcess proven = scratch.start(
                "try",
                Stream.concat(Stream.of(LAUNCHER.toString()), arguments(alice, xmpp.register("bob", XmppServer.HOST)))
                        .toList());
        int exitCode = proven.awaitEnd(PATIENCE);
        assertEquals(0, exitCode, proven::log);
        assertTrue(proven.log().contains("All is well"), proven::log);
        for (String how : List.of("by IQ, draft SPEC", "by message, draft DEPLOYED")) {
            assertTrue(proven.log().contains("publish a device " + how), proven::log);
        }
        assertFalse(proven.log().contains("WARN"), proven::log);
        assertFalse(proven.log().contains(alice.password()), "a password is shown");
        assertFalse(prekeeper.log().contains("ERROR"), prekeeper::log);
        try (XmppUser user = XmppUser.login(xmpp, alice, "after")) {
            // its devices can be told from the ensembles that are handed out for them
            PrekeyClient client = new PrekeyClient(user, XmppServer.COMPONENT, Binding.IQ, new SecureRandom());
            assertEquals(List.of(), client.retrieve(new InstanceTag(0x100), alice.jid(), Draft.DEPLOYED));
        }
    }

    @Test
    void oneAccountIsEnough() throws Exception {
        xmpp = startServer(scratch);
        var unused = RunningPrekeeper.start(scratch, xmpp);
        Said said = run(InstantSource.system(), xmpp.register("alice", XmppServer.HOST));
        assertEquals(0, said.exitCode(), said.said()::toString);
        assertTrue(said.said().get("passed").getAsBoolean());
        assertEquals(XmppServer.COMPONENT, said.said().get("server").getAsString());
        assertEquals(List.of(), said.steps("warning"));
    }

    @Test
    void aWrongSecretIsNamed() throws Exception {
        xmpp = startServer(scratch);
        RunningPrekeeper prekeeper =
                RunningPrekeeper.configure(XmppServer.COMPONENT, scratch, xmpp, "component.secret = \"mistyped\"");
        assertContains(run(prekeeper).cause(), "the secret is wrong");
        assertContains(
                run().cause(),
                "the XMPP server refuses its secret"); // without the configuration it can only be one of three
    }

    @Test
    void aComponentThatIsDownIsNamed() throws Exception {
        xmpp = startServer(scratch);
        RunningPrekeeper prekeeper = RunningPrekeeper.start(scratch, xmpp);
        prekeeper.stop();
        assertContains(run(prekeeper).cause(), "prekeeper is down");
        assertContains(run().cause(), "prekeeper does not run");
    }

    @Test
    void aComponentThatIsNotListedIsNamed() throws Exception {
        xmpp = startServer(scratch);
        RunningPrekeeper prekeeper = RunningPrekeeper.startAs(XmppServer.UNLISTED_COMPONENT, scratch, xmpp);
        String cause = run(prekeeper).cause();
        assertContains(cause, XmppServer.UNLISTED_COMPONENT + " is connected and answers");
        assertContains(cause, "does not list it");
    }

    @Test
    void aDomainThatMayNotPublishIsNamed() throws Exception {
        xmpp = startServer(scratch);
        var unused = RunningPrekeeper.start(scratch, xmpp, "publishers.domains = [\"" + XmppServer.OTHER_HOST + "\"]");
        Said said = run();
        assertContains(said.cause(), "its domain " + XmppServer.HOST + " is none of the publishers' domains");
        assertContains(said.failures().get(0).get("remedy").getAsString(), "publishers.domains");
    }

    @Test
    void aStanzaLimitThatIsTooSmallIsNamedAndTheDevicesAreForgotten() throws Exception {
        xmpp = startNarrow(scratch);
        RunningPrekeeper prekeeper = RunningPrekeeper.start(scratch, xmpp);
        Said said = run();
        assertContains(said.cause(), "stanza limit for clients is too small");
        assertEquals(1, said.failures().size(), said.said()::toString);
        List<JsonObject> steps = said.steps("passed");
        assertEquals("clean up", steps.get(steps.size() - 1).get("step").getAsString(), said.said()::toString);
        assertFalse(prekeeper.log().contains("ERROR"), prekeeper::log);
    }

    @Test
    void aClockThatIsWrongIsNamed() throws Exception {
        xmpp = startServer(scratch);
        var unused = RunningPrekeeper.start(scratch, xmpp);
        InstantSource late = () -> Instant.now().minus(Duration.ofDays(800));
        Said said = run(late, xmpp.register("late", XmppServer.HOST));
        assertContains(said.cause(), "a clock is wrong");
        assertContains(said.cause(), "days ahead");
        assertContains(said.failures().get(1).get("cause").getAsString(), "a clock is wrong");
    }

    static void assertContains(String text, String part) {
        assertTrue(text.contains(part), () -> "\"" + part + "\" is missing in: " + text);
    }

    /** For servers of another kind: {@code server} and Prekeeper beside it. */
    void start(XmppServer server) throws IOException {
        xmpp = server;
        var unused = RunningPrekeeper.start(scratch, xmpp);
    }

    XmppServer xmpp() {
        return xmpp;
    }

    Scratch scratch() {
        return scratch;
    }

    /** What {@code --tls} says from now on. */
    void tls(String what) {
        tls = what;
    }

    /** What is said of what was started. */
    Said tried(String... more) throws IOException {
        return run(InstantSource.system(), newAccount(), more);
    }

    private Said run() throws IOException {
        return run(InstantSource.system(), newAccount());
    }

    private Said run(RunningPrekeeper prekeeper) throws IOException {
        return run(
                InstantSource.system(),
                newAccount(),
                "--config",
                prekeeper.configuration().toString());
    }

    private Account newAccount() throws IOException {
        return xmpp.register("user" + System.nanoTime(), XmppServer.HOST);
    }

    private Said run(InstantSource clock, Account publisher, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(arguments(publisher).toList());
        arguments.add("--json");
        arguments.addAll(List.of(more));
        MainRun run = MainRun.at(clock, arguments);
        return new Said(run.exitCode(), JsonParser.parseString(run.out()).getAsJsonObject(), run.err());
    }

    private Stream<String> arguments(Account... accounts) throws IOException {
        Path file = Files.createTempFile(
                scratch.folder(),
                "accounts",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        StringBuilder lines = new StringBuilder("# one a line\n");
        for (Account account : accounts) {
            lines.append(account.jid()).append(' ').append(account.password()).append('\n');
        }
        Files.writeString(file, lines, StandardCharsets.UTF_8);
        return Stream.concat(
                Stream.of("try"),
                Stream.concat(
                        Stream.of(accounts).map(Account::jid),
                        Stream.of(
                                "--accounts",
                                file.toString(),
                                "--host",
                                "127.0.0.1",
                                "--port",
                                Integer.toString(xmpp.clientPort()),
                                "--tls",
                                tls)));
    }
}
