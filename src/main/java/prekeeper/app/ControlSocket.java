package prekeeper.app;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prekeeper.store.StorageException;

/**
 * Where commands ask the running server for what only it can do, since it holds the database: a Unix domain socket beside the
 * database, for the server's own user (and root) alone. One client at a time; who says nothing is dropped.
 */
final class ControlSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long PAUSE_NANOS = 100_000_000;
    private static final Pattern REQUEST =
            Pattern.compile(ControlLines.VERSION + " " + ControlLines.BACK_UP + " (.+)", Pattern.DOTALL);

    private final Path file;
    private final ServerSocketChannel channel;
    private final Consumer<Path> backUp;

    private ControlSocket(Path file, ServerSocketChannel channel, Consumer<Path> backUp) {
        this.file = file;
        this.channel = channel;
        this.backUp = backUp;
    }

    /**
     * Listens at {@code file}, in whose place a socket of an earlier server may be: the caller has the database, so that one
     * is gone. Where that can not be, the log has one warning, and nobody is listened to.
     *
     * @param backUp backs up to an absolute path, or throws {@link StorageException}
     */
    static AutoCloseable open(Path file, Consumer<Path> backUp) {
        try {
            ControlSocket socket = new ControlSocket(file, listen(file), backUp);
            Thread thread = new Thread(socket::serve, "control-socket");
            thread.setDaemon(true);
            thread.start();
            return socket;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            LOG.warn(
                    "no control socket at {} ({}): \"prekeeper store backup\" works only while the server is stopped; the"
                            + " command \"Back up the store\" in XMPP clients works all the same",
                    file,
                    e.getMessage());
            return () -> {};
        }
    }

    /** The socket is made in a folder that nobody else may enter, and moves to its place when nobody else may open it. */
    private static ServerSocketChannel listen(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path workshop = Files.createTempDirectory(
                folder, ".c", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path made = workshop.resolve("s");
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(made));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            SocketChannel.open(UnixDomainSocketAddress.of(file)).close(); // or its path is too long
            return channel;
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        } finally {
            Files.deleteIfExists(made);
            Files.deleteIfExists(workshop);
        }
    }

    private void serve() {
        while (channel.isOpen()) {
            try (SocketChannel client = channel.accept()) {
                answer(client);
            } catch (IOException e) {
                LOG.debug("control socket: {}", e.getMessage());
                LockSupport.parkNanos(PAUSE_NANOS); // not for ever at full speed, should accepting fail
            }
        }
    }

    private void answer(SocketChannel client) throws IOException {
        Optional<String> request = ControlLines.read(client, PATIENCE);
        if (request.isPresent()) {
            ControlLines.write(client, answer(request.get()), PATIENCE);
        }
    }

    private String answer(String request) {
        Matcher words = REQUEST.matcher(request);
        if (!words.matches()) {
            return ControlLines.FAILED + " the running server does not understand; is it of another version?";
        }
        try {
            backUp.accept(Path.of(words.group(1)));
            LOG.info("backed up to {}", words.group(1));
            return ControlLines.DONE;
        } catch (StorageException e) {
            return ControlLines.FAILED + " " + e.getMessage();
        } catch (InvalidPathException e) {
            return ControlLines.FAILED + " not a path";
        } catch (RuntimeException e) { // the thread must live on
            LOG.error("the backup to {} failed; this is a defect of the server, please report it:", words.group(1), e);
            return ControlLines.FAILED + " unexpected " + e.getClass().getSimpleName() + "; the server's log has more";
        }
    }

    /** Listens no more. Who is being served may get no answer. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
