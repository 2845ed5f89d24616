package prekeeper.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL of our own on a loopback port, with its data in a {@link Scratch}, as durable as it is by default.
 *
 * <p>PostgreSQL refuses to run as root, so for root it runs as the user {@code postgres} that its package makes.
 */
public final class PrivatePostgres implements AutoCloseable {
    public static final String USER = "prekeeper";
    public static final String PASSWORD = "correct horse";

    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final Duration START = Duration.ofSeconds(60);

    private final Scratch scratch;
    private final Path programs;
    private final Path data;
    private final int port;
    private final boolean isDurable;
    private ChildProcess process;

    private PrivatePostgres(Scratch scratch, Path programs, Path data, int port, boolean isDurable) {
        this.scratch = scratch;
        this.programs = programs;
        this.data = data;
        this.port = port;
        this.isDurable = isDurable;
    }

    /** Makes a cluster in {@code scratch}, starts it and waits until it answers. */
    public static PrivatePostgres start(Scratch scratch) throws IOException {
        return start(scratch, true);
    }

    /** One that does not wait for the disk: faster for tests that do not ask what a power cut leaves. */
    public static PrivatePostgres startForgetful(Scratch scratch) throws IOException {
        return start(scratch, false);
    }

    private static PrivatePostgres start(Scratch scratch, boolean isDurable) throws IOException {
        Path home = Files.createDirectory(scratch.folder().resolve("postgresql"));
        if (isRoot()) {
            Files.setPosixFilePermissions(scratch.folder(), PosixFilePermissions.fromString("rwx--x--x"));
            Files.setOwner(
                    home, home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
        }
        PrivatePostgres postgres = new PrivatePostgres(
                scratch,
                programs(),
                home.resolve("data"),
                XmppServer.freePorts(1).get(0),
                isDurable);
        postgres.makeCluster();
        postgres.start();
        return postgres;
    }

    /** Starts it again after {@link #stop()} or {@link #kill()}, and waits until it answers. */
    public void start() throws IOException {
        process = run(
                "postgres",
                programs.resolve("postgres").toString(),
                "-D",
                data.toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=" + (isDurable ? "on" : "off"));
        process.await("answer to a connection", START, this::answers);
    }

    /** Ends it in order, and with it all connections (SIGINT, a "fast shutdown"). */
    public void stop() {
        signal("INT");
        process.awaitEnd(START);
    }

    /** Ends it as a crash does (SIGKILL of its first process, whose death the others notice), and waits for all of it. */
    public void kill() {
        List<ProcessHandle> others = ProcessHandle.of(process.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
        process.kill();
        others.forEach(other -> other.onExit().join()); // while one is left it does not start again
    }

    /** Makes all its processes stand still, as behind a network that was cut, until {@link #resume()}. */
    public void freeze() {
        signalAll("STOP");
    }

    public void resume() {
        signalAll("CONT");
    }

    /** The URL of a database of this cluster. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Makes an empty database and returns its URL. */
    public String createDatabase(String name) throws SQLException {
        execute("postgres", "CREATE DATABASE " + name);
        return url(name);
    }

    /** Runs one statement on a connection of its own. */
    public void execute(String database, String statement) throws SQLException {
        try (Connection connection = connect(database);
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), USER, PASSWORD);
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
    }

    private void makeCluster() throws IOException {
        Path password = Files.writeString(data.resolveSibling("password"), PASSWORD, StandardCharsets.UTF_8);
        int status = run(
                        "initdb",
                        programs.resolve("initdb").toString(),
                        "--pgdata=" + data,
                        "--username=" + USER,
                        "--pwfile=" + password,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C.UTF-8",
                        "--no-instructions")
                .awaitEnd(START);
        if (status != 0) {
            throw new IllegalStateException("initdb ended with status " + status + "; see " + scratch.folder());
        }
    }

    private ChildProcess run(String name, String... command) throws IOException {
        List<String> whole = new ArrayList<>();
        if (isRoot()) {
            whole.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        whole.addAll(Arrays.asList(command));
        return scratch.start(name, whole);
    }

    private boolean answers() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url("postgres"));
        try (Connection connection = source.getConnection(USER, PASSWORD)) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private void signal(String name) {
        kill(name, process.pid());
    }

    private void signalAll(String name) {
        ProcessHandle first = ProcessHandle.of(process.pid()).orElseThrow();
        kill(name, first.pid());
        first.descendants().forEach(child -> kill(name, child.pid()));
    }

    private static void kill(String signal, long pid) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("could not send " + signal + " to process " + pid, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending " + signal, e);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** Of the newest release that is installed; Debian keeps them out of the path. */
    private static Path programs() throws IOException {
        try (Stream<Path> releases = Files.list(INSTALLED)) {
            Optional<Path> newest = releases.filter(release -> Files.isExecutable(release.resolve("bin/initdb")))
                    .max(Comparator.comparing(release -> release.getFileName().toString()));
            return newest.orElseThrow(() -> new IllegalStateException("no PostgreSQL in " + INSTALLED))
                    .resolve("bin");
        }
    }
}
