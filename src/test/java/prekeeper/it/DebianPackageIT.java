package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The life of Debian's package on this machine, from installation to purge, in that order. For root on a Debian where there is no
 * Prekeeper; what it installs is gone in the end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DebianPackageIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Path CONFIGURATION = Path.of("/etc/prekeeper/prekeeper.conf");
    private static final Path SECRET = Path.of("/etc/prekeeper/component.secret");
    private static final Path DATA = Path.of("/var/lib/prekeeper");
    private static final Path KEY = DATA.resolve("identity.key");
    private static final Path ARCHIVE = Path.of("/var/cache/prekeeper/prekeeper.jsa");
    private static final Path JAR = Path.of("/usr/share/prekeeper/prekeeper.jar");
    private static final Path UNIT = Path.of("/usr/lib/systemd/system/prekeeper.service");

    private Scratch scratch;
    private PrivateProsody prosody;
    private boolean touched;
    private int runs;

    @BeforeAll
    void install() throws Exception {
        scratch = Scratch.create();
        assumeTrue(
                succeeds("sh", "-c", """
                        test $(id -u) = 0 || exit 1
                        for program in dpkg adduser setpriv systemd-notify; do command -v $program || exit 1; done
                        """),
                "not tested: only root can install a package, and on Debian alone, with adduser, setpriv and systemd-notify");
        assumeTrue(
                Stream.of(CONFIGURATION.getParent(), DATA, JAR).noneMatch(Files::exists)
                        && !succeeds("getent", "passwd", "prekeeper"),
                "not tested: a Prekeeper is installed here, which is left alone");
        prosody = PrivateProsody.start(scratch);
        touched = true;
        install(BuiltFile.endingWith(".deb"));
    }

    @AfterAll
    void leaveTheMachineAsItWas() throws Exception {
        try {
            if (touched) {
                run("dpkg", "--purge", "prekeeper");
            }
        } finally {
            scratch.close();
        }
    }

    @Test
    @Order(1)
    void filesBelongToWhomTheyShould() throws Exception {
        assertEquals("rw-r----- root prekeeper", access(CONFIGURATION));
        assertEquals("rwx------ prekeeper prekeeper", access(DATA));
        // who writes an archive of classes decides what the server runs
        assertEquals("r--r--r-- root root", access(ARCHIVE));
        assertEquals("rwxr-xr-x root root", access(ARCHIVE.getParent()));
        assertTrue(output("dpkg-query", "-W", "-f", "${Conffiles}", "prekeeper").contains(CONFIGURATION.toString()));
        assertTrue(output("dpkg", "-L", "prekeeper").contains("/usr/share/man/man1/prekeeper.1.gz"));
        assertTrue(output("getent", "passwd", "prekeeper").contains("nologin"));
    }

    @Test
    @Order(2)
    void withoutASecretNothingRuns() throws Exception {
        assertFalse(Files.exists(SECRET));
        assertTrue(Files.readAllLines(UNIT).contains("ConditionPathExists=" + SECRET));
        ChildProcess server = serve(Map.of());
        int ended = server.awaitEnd(PATIENCE);
        assertTrue(Files.readAllLines(UNIT).contains("RestartPreventExitStatus=" + ended), server::logTail);
        assertEquals(1, server.log().lines().count(), server::logTail);
        assertTrue(server.log().contains(SECRET + ": no such file"), server::logTail);
    }

    @Test
    @Order(3)
    void withASecretItConnectsAndTellsTheServiceManager() throws Exception {
        Files.writeString(
                CONFIGURATION,
                Files.readString(CONFIGURATION).replace("#port = 5347", "port = " + prosody.componentPort()));
        Files.writeString(SECRET, prosody.componentSecret() + "\n");
        succeed("chown", "root:prekeeper", SECRET.toString());
        succeed("chmod", "640", SECRET.toString());

        String socket = "prekeeper-" + UUID.randomUUID();
        ChildProcess manager = scratch.start("manager", List.of("/usr/bin/python3", "-u", "-c", """
                import socket
                listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                listening.bind('\\0%s')
                print('listening')
                while True:
                    print(listening.recv(4096).decode())
                """.formatted(socket)));
        manager.await("socket", PATIENCE, () -> manager.log().contains("listening"));
        ChildProcess server = serve(Map.of("NOTIFY_SOCKET", "@" + socket));
        awaitConnection(server);
        manager.await("word of the server", PATIENCE, () -> manager.log().contains("READY=1"));
        assertEquals("rw------- prekeeper prekeeper", access(KEY));
        assertTrue(
                Files.readString(Path.of("/proc/" + server.pid() + "/maps")).contains(ARCHIVE.toString()),
                "the archive of classes is not used");
        server.stop();
    }

    @Test
    @Order(4)
    void anArchiveOfClassesThatDoesNotFitIsIgnored() throws Exception {
        byte[] archive = Files.readAllBytes(ARCHIVE);
        Files.delete(ARCHIVE);
        String version = output("prekeeper", "--version");
        Files.writeString(ARCHIVE, "no archive");
        assertEquals(version, output("prekeeper", "--version"));
        Files.write(ARCHIVE, archive);
        assertEquals(version, output("prekeeper", "--version"));
    }

    @Test
    @Order(5)
    void anUpgradeKeepsKeyAndConfiguration() throws Exception {
        byte[] configuration = Files.readAllBytes(CONFIGURATION);
        byte[] key = Files.readAllBytes(KEY);
        install(newer());
        assertTrue(output("dpkg-query", "-W", "-f", "${Version}", "prekeeper").startsWith("9:"));
        assertArrayEquals(configuration, Files.readAllBytes(CONFIGURATION));
        assertArrayEquals(key, Files.readAllBytes(KEY));
        assertEquals("rw-r----- root prekeeper", access(CONFIGURATION));
        ChildProcess server = serve(Map.of());
        awaitConnection(server);
        server.stop();
    }

    @Test
    @Order(6)
    void removingKeepsDataAndPurgingDoesNot() throws Exception {
        byte[] key = Files.readAllBytes(KEY);
        succeed("dpkg", "--remove", "prekeeper");
        assertFalse(Files.exists(JAR));
        assertFalse(Files.exists(ARCHIVE.getParent()));
        assertArrayEquals(key, Files.readAllBytes(KEY));
        assertTrue(Files.exists(DATA.resolve("prekeys.mv.db")));
        assertTrue(Files.exists(CONFIGURATION));
        assertTrue(Files.exists(SECRET));

        succeed("dpkg", "--purge", "prekeeper");
        for (Path path : List.of(DATA, CONFIGURATION.getParent(), ARCHIVE.getParent(), JAR.getParent(), UNIT)) {
            assertFalse(Files.exists(path, LinkOption.NOFOLLOW_LINKS), path.toString());
        }
        assertFalse(succeeds("getent", "passwd", "prekeeper"));
        assertFalse(succeeds("dpkg-query", "-W", "prekeeper"));
    }

    /** Whatever package the Java here comes from; answers to questions would be missing. */
    private void install(Path file) throws IOException {
        succeed("dpkg", "--force-depends", "--install", file.toString());
    }

    private Path newer() throws IOException {
        Path folder = scratch.folder().resolve("newer");
        succeed("dpkg-deb", "--raw-extract", BuiltFile.endingWith(".deb").toString(), folder.toString());
        Path control = folder.resolve("DEBIAN/control");
        Files.writeString(control, Files.readString(control).replace("Version: ", "Version: 9:"));
        Path file = scratch.folder().resolve("newer.deb");
        succeed("dpkg-deb", "-Zgzip", "-z1", "--build", folder.toString(), file.toString());
        return file;
    }

    /** The line of the unit, as the user of the unit. */
    private ChildProcess serve(Map<String, String> environment) throws IOException {
        String line = Files.readAllLines(UNIT).stream()
                .filter(each -> each.startsWith("ExecStart="))
                .map(each -> each.substring("ExecStart=".length()))
                .collect(Collectors.joining());
        List<String> command = new ArrayList<>(List.of(
                "setpriv", "--reuid=prekeeper", "--regid=prekeeper", "--clear-groups", "--no-new-privs", "env"));
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(List.of(line.split(" ")));
        return scratch.start("prekeeper-" + ++runs, command);
    }

    private static void awaitConnection(ChildProcess server) {
        server.await("connection", PATIENCE, () -> server.log().contains("connected to the XMPP server"));
    }

    /** Mode, owner and group. */
    private static String access(Path file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, "posix:permissions,owner,group");
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file)) + " " + attributes.get("owner") + " "
                + attributes.get("group");
    }

    private void succeed(String... command) throws IOException {
        ChildProcess child = run(command);
        assertEquals(0, child.awaitEnd(PATIENCE), child::logTail);
    }

    private boolean succeeds(String... command) throws IOException {
        return run(command).awaitEnd(PATIENCE) == 0;
    }

    private String output(String... command) throws IOException {
        ChildProcess child = run(command);
        assertEquals(0, child.awaitEnd(PATIENCE), child::logTail);
        return child.log();
    }

    private ChildProcess run(String... command) throws IOException {
        ChildProcess child = scratch.start("command-" + ++runs, List.of(command));
        child.awaitEnd(PATIENCE);
        return child;
    }
}
