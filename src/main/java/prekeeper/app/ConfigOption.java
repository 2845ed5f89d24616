package prekeeper.app;

import java.nio.file.Path;
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
        Settings settings = Settings.load(file, console.environment());
        console.warnings(settings.warnings());
        return settings;
    }
}
