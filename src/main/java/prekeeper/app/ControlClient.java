package prekeeper.app;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import prekeeper.server.SetupException;

/** Asks a running server through its {@link ControlSocket}. */
final class ControlClient {
    /** A large backup on a slow disk ends long before. */
    private static final Duration LONGEST_BACKUP = Duration.ofHours(2);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private ControlClient() {}

    /**
     * Has a running server back up.
     *
     * @param file absolute
     * @return false when no server listens at {@code socket}
     * @throws SetupException when the server could not
     */
    static boolean backUp(Path socket, Path file) throws SetupException {
        SocketChannel server;
        try {
            server = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException nobody) {
            return false;
        }
        try (server) {
            ControlLines.write(server, ControlLines.VERSION + " " + ControlLines.BACK_UP + " " + file, PATIENCE);
            String answer = ControlLines.read(server, LONGEST_BACKUP).orElseThrow(IOException::new);
            if (!answer.equals(ControlLines.DONE)) {
                throw new SetupException(List.of(answer.replaceFirst("^" + ControlLines.FAILED + " ", "")));
            }
            return true;
        } catch (IOException e) {
            throw new SetupException(
                    "the running server did not say that it has backed up",
                    "its log may say why; remove " + file + " if it is there, and try again");
        }
    }
}
