package prekeeper.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import prekeeper.torture.LogLine.Event;

/**
 * What one client does and hears, written down before it goes on. Not thread-safe: a client does one thing at a time.
 */
final class ClientLog implements AutoCloseable {
    static final String SUFFIX = ".client.log";

    private final Writer writer;
    private final InstantSource clock;
    private final Counts counts;
    private int request;

    /**
     * @param client names the file
     * @param clock of all clients, or what one hears would not be later than what another did before
     * @param counts counts each line too
     */
    ClientLog(Path folder, String client, InstantSource clock, Counts counts) throws IOException {
        this.writer = Files.newBufferedWriter(folder.resolve(client + SUFFIX), UTF_8);
        this.clock = clock;
        this.counts = counts;
    }

    void begin(Event event, List<String> about) {
        request++;
        write(event, about);
    }

    /** What became of the request that was begun last. */
    void end(Event event, List<String> about) {
        write(event, about);
    }

    private void write(Event event, List<String> about) {
        try {
            writer.write(new LogLine(clock.instant(), event, request, about).written());
            writer.write('\n');
            writer.flush();
            counts.add(event, about.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
