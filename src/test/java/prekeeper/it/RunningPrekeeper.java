package prekeeper.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Prekeeper as it is shipped: the built jar, started by its launcher, connected to an {@link XmppServer}. */
public final class RunningPrekeeper implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Path LAUNCHER = Path.of("bin", "prekeeper").toAbsolutePath();

    private final Scratch scratch;
    private final XmppServer server;
    private final Account admin;
    private final Account probe;
    private final String component;
    private final Path configuration;
    private ChildProcess process;

    private RunningPrekeeper(
            Scratch scratch, XmppServer server, Account admin, Account probe, String component, Path configuration) {
        this.scratch = scratch;
        this.server = server;
        this.admin = admin;
        this.probe = probe;
        this.component = component;
        this.configuration = configuration;
    }

    /**
     * Starts one with its key and store in {@code scratch}, and waits until it answers through {@code server}.
     *
     * @param more further lines of configuration, in the {@code prekeeper} block
     * @throws IllegalStateException when it ends or does not answer in time
     */
    public static RunningPrekeeper start(Scratch scratch, XmppServer server, String... more) throws IOException {
        return startAs(XmppServer.COMPONENT, scratch, server, more);
    }

    /** One that connects as {@code component}. */
    static RunningPrekeeper startAs(String component, Scratch scratch, XmppServer server, String... more)
            throws IOException {
        RunningPrekeeper prekeeper = configure(component, scratch, server, more);
        prekeeper.start();
        return prekeeper;
    }

    /** One that is not started yet. */
    static RunningPrekeeper configure(String component, Scratch scratch, XmppServer server, String... more)
            throws IOException {
        Account admin = server.register("admin", XmppServer.HOST);
        Account probe = server.register("probe", XmppServer.HOST);
        Path configuration = scratch.folder().resolve("prekeeper.conf");
        Files.createFile(configuration, PosixFilePermissions.asFileAttribute(OWNER_ONLY)); // it holds the secret
        Files.writeString(
                configuration, configuration(component, scratch.folder(), server, admin, String.join("\n  ", more)));
        return new RunningPrekeeper(scratch, server, admin, probe, component, configuration);
    }

    /** Starts it again, with the same key and store, after {@link #stop()} or {@link #kill()}. */
    public void start() throws IOException {
        process = scratch.start("prekeeper", List.of(LAUNCHER.toString(), "run", "--config", configuration.toString()));
        awaitConnected();
    }

    /** Waits until it answers a ping through the XMPP server, such as after a restart of that. */
    public void awaitConnected() throws IOException {
        try (XmppUser user = XmppUser.login(server, probe, "probe")) {
            process.await("answer to a ping", START, () -> user.pings(component));
        }
    }

    /** Who may administrate it. */
    public Account admin() {
        return admin;
    }

    Path configuration() {
        return configuration;
    }

    /** Ends it by SIGTERM, as systemd does. */
    public void stop() {
        process.stop();
    }

    /** Ends it by SIGKILL, as a power cut does. */
    public void kill() {
        process.kill();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its memory in use (VmRSS of Linux), in bytes. */
    public long residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("process " + pid() + " has ended"));
        } catch (IOException e) {
            throw new UncheckedIOException("could not read the memory of process " + pid(), e);
        }
    }

    /** All that it has printed, over all starts. */
    public String log() {
        return process.log();
    }

    /** Where that is and how it ends, to be added to a sentence. */
    String logTail() {
        return process.logTail();
    }

    @Override
    public void close() {
        stop();
    }

    private static String configuration(String component, Path folder, XmppServer server, Account admin, String more) {
        return """
                prekeeper {
                  component { jid = "%s", host = "127.0.0.1", port = %d, secret = "%s" }
                  store { url = "jdbc:h2:file:%s" }
                  key-file = "%s"
                  admins = ["%s"]
                  %s
                }
                """.formatted(
                        component,
                        server.componentPort(),
                        server.componentSecret(),
                        folder.resolve("prekeys"),
                        folder.resolve("identity.key"),
                        admin.jid(),
                        more);
    }
}
