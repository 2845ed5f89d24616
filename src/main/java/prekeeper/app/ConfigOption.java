package prekeeper.app;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import prekeeper.server.Settings;
import prekeeper.server.SetupException;

/** The option that most commands share. */
final class ConfigOption {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "the configuration, as conf/prekeeper.conf shows it")
    private Path file;

    /** Reads the configuration and prints its warnings. */
    Settings load(Console console) throws SetupException {
        return load(console, warning -> console.warnings(List.of(warning)));
    }

    /** The same for a command that opens the store, which root is not to do in a folder of somebody else's. */
    Settings loadForStore(Console console) throws SetupException {
        Settings settings = load(console);
        RightUser.require(settings.store());
        return settings;
    }

    /** {@link #load(Console)}, with its warnings given to {@code warnings}. */
    Settings load(Console console, Consumer<String> warnings) throws SetupException {
        Settings settings = Settings.load(file, console.environment());
        settings.warnings().forEach(warnings);
        return settings;
    }
}
