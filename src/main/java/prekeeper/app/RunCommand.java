package prekeeper.app;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code prekeeper run}: serves until it is told to stop. */
@Command(
        name = "run",
        description = "Runs the server in the foreground until SIGTERM or SIGINT (Ctrl-C).",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class RunCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config;

    private final Console console;

    RunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws SetupException, InterruptedException {
        Settings settings = config.load(console);
        try (RunningParts parts = new RunningParts()) {
            // before the first part: a signal during the start stops what is there by then
            Runtime.getRuntime().addShutdownHook(new Thread(parts::close, "shutdown"));
            new Server(console, parts).start(settings);
            parts.awaitClosed();
        } catch (CancellationException stopped) {
            return Main.DONE;
        }
        return Main.DONE;
    }
}
