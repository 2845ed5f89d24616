package prekeeper.app;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import prekeeper.server.Settings;
import prekeeper.server.SetupException;
import prekeeper.store.JdbcPrekeyStore;

/** {@code prekeeper store export}: writes everything that is stored as lines of JSON. */
@Command(
        name = "export",
        description =
                "Writes everything that is stored to a new file, for \"prekeeper store import\" into any database.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class ExportCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config;

    @Parameters(paramLabel = "FILE", description = "where to; nothing may be there yet. - is the standard output")
    private String file;

    private final Console console;

    ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws SetupException {
        Settings settings = config.loadForStore(console);
        try (JdbcPrekeyStore store = StoppedStore.open(settings.store())) {
            if (file.equals("-")) {
                exportToStandardOutput(store);
            } else {
                Path target = Path.of(file).toAbsolutePath();
                NewFile.write(
                        target,
                        out -> {
                            ExportedCounts counts = export(store, out);
                            return "exported to " + target + ": " + counts;
                        },
                        console::result);
            }
        }
        return Main.DONE;
    }

    private void exportToStandardOutput(JdbcPrekeyStore store) throws SetupException {
        try {
            OutputStream out = new BufferedOutputStream(console.out());
            export(store, out);
            if (console.out().checkError()) { // a PrintStream does not tell by itself
                throw new IOException("nobody took all of it");
            }
        } catch (IOException e) {
            throw new SetupException(
                    "the standard output could not be written: " + e.getMessage(), "what was written is no export");
        }
    }

    private ExportedCounts export(JdbcPrekeyStore store, OutputStream out) throws IOException {
        ExportWriter writer = new ExportWriter(out, store.inventory().engine(), Instant.now());
        store.contents().showTo(writer);
        ExportedCounts counts = writer.finish();
        if (writer.damaged() > 0) {
            console.warnings(
                    List.of(
                            writer.damaged()
                                    + " profiles and prekey messages are damaged and were left out; prekeeper store verify names them"));
        }
        return counts;
    }
}
