package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A client that shares no code with ours: a script in Python, which finds slixmpp in Debian's. */
final class SlixmppClient {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String NAME = "slixmpp";

    private final Scratch scratch;
    private final Path script;

    /** A client whose script is at {@code script}, counted from the root of the project. */
    SlixmppClient(Scratch scratch, String script) {
        this.scratch = scratch;
        this.script = Path.of(script).toAbsolutePath();
    }

    /**
     * Runs the script to its end; what it prints goes to {@code slixmpp.log}.
     *
     * @throws AssertionError when it ends with another status than 0; it shows what failed, if the script prints TAP, and
     *     the log's end
     * @throws IllegalStateException when it has not ended within {@code deadline}; it is ended then
     */
    void run(List<String> arguments, Duration deadline) throws IOException {
        List<String> command = new ArrayList<>(List.of(PYTHON, "-u", script.toString()));
        command.addAll(arguments);
        ChildProcess process = scratch.start(NAME, command);
        assertEquals(0, process.awaitEnd(deadline), () -> failures(process.log()) + process.logTail());
    }

    /** The tests that failed and the comments, which follow them. */
    private static String failures(String tap) {
        return tap.lines()
                .filter(line -> line.startsWith("not ok") || line.startsWith("#"))
                .collect(Collectors.joining("\n"));
    }
}
