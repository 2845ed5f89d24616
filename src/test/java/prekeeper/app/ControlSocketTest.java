package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.server.SetupException;
import prekeeper.store.StorageException;

@Timeout(60)
class ControlSocketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final ConcurrentLinkedQueue<Path> backedUp = new ConcurrentLinkedQueue<>();
    private AutoCloseable server = () -> {};

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    private void listen(Consumer<Path> backUp) {
        server = ControlSocket.open(socket(), backUp);
    }

    @Test
    void aServerBacksUpWhereAClientSays() throws Exception {
        listen(backedUp::add);
        Path first = folder.resolve("first backup \u00e4.zip");
        Path second = folder.resolve("second.zip");
        assertTrue(ControlClient.backUp(socket(), first));
        assertTrue(ControlClient.backUp(socket(), second));
        assertEquals(List.of(first, second), List.copyOf(backedUp));
    }

    @Test
    void onlyTheOwnerMayConnectAndNothingElseIsLeftBeside() throws Exception {
        listen(backedUp::add);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
        assertEquals(List.of(socket()), beside());
        close();
        assertEquals(List.of(), beside());
    }

    @Test
    void nobodyListensWhereNoServerRuns() throws Exception {
        assertFalse(ControlClient.backUp(socket(), folder.resolve("backup.zip")));
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket()));
        }
        assertTrue(Files.exists(socket()));
        assertFalse(ControlClient.backUp(socket(), folder.resolve("backup.zip")));
    }

    @Test
    void theSocketOfAServerThatWasKilledIsReplaced() throws Exception {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket()));
        }
        listen(backedUp::add);
        assertTrue(ControlClient.backUp(socket(), folder.resolve("backup.zip")));
    }

    @Test
    void whatFailsIsToldTheClientInOneLine() throws Exception {
        listen(file -> {
            throw new StorageException("can not back up to " + file + ": something is there already", null);
        });
        Path file = folder.resolve("backup.zip");
        SetupException refused = assertThrows(SetupException.class, () -> ControlClient.backUp(socket(), file));
        assertEquals(List.of("can not back up to " + file + ": something is there already"), refused.problems());
    }

    @Test
    void aDefectIsToldAndTheServerGoesOn() throws Exception {
        listen(file -> {
            throw new IllegalStateException("broken");
        });
        for (int i = 0; i < 2; i++) {
            SetupException refused = assertThrows(
                    SetupException.class, () -> ControlClient.backUp(socket(), folder.resolve("backup.zip")));
            assertEquals(List.of("unexpected IllegalStateException; the server's log has more"), refused.problems());
        }
    }

    @Test
    void aRequestOfAnotherVersionIsRefused() throws Exception {
        listen(backedUp::add);
        for (String request : List.of("prekeeper-control-2 backup /x", "prekeeper-control-1 stop", "")) {
            assertEquals(
                    Optional.of("failed the running server does not understand; is it of another version?"),
                    ask(request + "\n"));
        }
        assertEquals(List.of(), List.copyOf(backedUp));
    }

    @Test
    void whoSaysNothingOrTooMuchIsDropped() throws Exception {
        listen(backedUp::add);
        assertEquals(Optional.empty(), ask("prekeeper-control-1 backup /x"));
        assertEquals(Optional.empty(), ask("a".repeat(ControlLines.MOST_BYTES + 1)));
        try (SocketChannel gone = connect()) {
            assertTrue(gone.isConnected());
        }
        assertTrue(ControlClient.backUp(socket(), folder.resolve("backup.zip")));
    }

    @Test
    void aPathThatIsTooLongForASocketIsAWarningAndNoFailure() throws Exception {
        Path deep = Files.createDirectories(folder.resolve("a".repeat(60)).resolve("b".repeat(60)));
        server = ControlSocket.open(deep.resolve("prekeys.control"), backedUp::add);
        try (Stream<Path> left = Files.list(deep)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private Path socket() {
        return folder.resolve("prekeys.control");
    }

    private List<Path> beside() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket()));
    }

    /** Empty when the server hangs up. */
    private Optional<String> ask(String bytes) throws IOException {
        try (SocketChannel server = connect()) {
            server.write(StandardCharsets.UTF_8.encode(bytes));
            return ControlLines.read(server, PATIENCE);
        } catch (SocketException reset) {
            return Optional.empty();
        }
    }
}
