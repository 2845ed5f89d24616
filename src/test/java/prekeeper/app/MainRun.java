package prekeeper.app;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** What a command printed that was run in this process. */
public record MainRun(int exitCode, String out, String err) {

    /** Runs a command with an empty environment, for which it is the time of {@code clock}. */
    public static MainRun at(InstantSource clock, List<String> arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of());
        int exitCode = Main.execute(console, InputStream.nullInputStream(), clock, arguments.toArray(String[]::new));
        return new MainRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
