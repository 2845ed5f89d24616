package prekeeper.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * What is spoken over the control socket: the client writes a line, the server answers with one, and both are done. UTF-8.
 *
 * <pre>
 * prekeeper-control-1 backup /absolute/path
 * done
 * failed text for the administrator
 * </pre>
 */
final class ControlLines {
    static final String VERSION = "prekeeper-control-1";
    static final String BACK_UP = "backup";
    static final String DONE = "done";
    static final String FAILED = "failed";

    /** Longer than every path that Linux takes. */
    static final int MOST_BYTES = 8_192;

    private ControlLines() {}

    /**
     * The next line without its end.
     *
     * @param channel non-blocking from here on
     * @return empty when no whole line came in {@code patience}, or one that is longer than {@link #MOST_BYTES}
     */
    static Optional<String> read(SocketChannel channel, Duration patience) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer next = ByteBuffer.allocate(1); // a few hundred, once in a while
        try (Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            long end = System.nanoTime() + patience.toNanos();
            while (line.size() <= MOST_BYTES) {
                int read = channel.read(next.clear());
                if (read < 0 || (read == 0 && !await(selector, end))) {
                    return Optional.empty();
                }
                if (read > 0 && next.get(0) == '\n') {
                    return Optional.of(line.toString(StandardCharsets.UTF_8));
                }
                line.write(next.array(), 0, read);
            }
        }
        return Optional.empty();
    }

    /**
     * Writes a line, as far as the other side takes it in {@code patience}.
     *
     * @param channel non-blocking from here on
     */
    static void write(SocketChannel channel, String line, Duration patience) throws IOException {
        ByteBuffer rest = StandardCharsets.UTF_8.encode(line + "\n");
        try (Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_WRITE);
            long end = System.nanoTime() + patience.toNanos();
            while (rest.hasRemaining() && (channel.write(rest) > 0 || await(selector, end))) {
                // once more
            }
        }
    }

    /** Whether something may have happened before {@code end}, of {@link System#nanoTime()}. */
    private static boolean await(Selector selector, long end) throws IOException {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            return false;
        }
        selector.select(left);
        selector.selectedKeys().clear();
        return true;
    }
}
