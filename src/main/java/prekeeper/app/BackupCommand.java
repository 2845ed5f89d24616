package prekeeper.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import prekeeper.server.SetupException;
import prekeeper.store.H2Files;
import prekeeper.store.JdbcPrekeyStore;
import prekeeper.store.StoreSettings;

/** {@code prekeeper store backup}: copies an embedded database, through the running server if there is one. */
@Command(
        name = "backup",
        description = "Copies an embedded database to a new file, while the server runs or not.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class BackupCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config;

    @Parameters(
            paramLabel = "FILE",
            description =
                    "where to; nothing may be there yet. The running server writes it, so it has to be allowed to")
    private Path file;

    private final Console console;

    BackupCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws SetupException {
        StoreSettings settings = config.loadForStore(console).store();
        if (settings.isPostgres()) {
            throw new SetupException(
                    "a database of PostgreSQL is backed up with its own tools",
                    "pg_dump does it; docs/operations.md tells how");
        }
        Path target = file.toAbsolutePath().normalize();
        boolean done = H2Files.control(settings).isPresent()
                && ControlClient.backUp(H2Files.control(settings).get(), target);
        if (!done) {
            try (JdbcPrekeyStore store = StoppedStore.open(settings)) {
                store.inventory().backUp(target);
            }
        }
        console.result("backed up to " + target + " (" + size(target) + " bytes)");
        return Main.DONE;
    }

    private static long size(Path target) throws SetupException {
        try {
            return Files.size(target);
        } catch (IOException e) {
            throw new SetupException(
                    target + ": the running server says that it wrote it, and it can not be seen here",
                    "the server may have another /tmp (PrivateTmp in its systemd unit); name another folder");
        }
    }
}
