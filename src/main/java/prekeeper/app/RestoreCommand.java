package prekeeper.app;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import prekeeper.server.KeyFile;
import prekeeper.server.Settings;
import prekeeper.server.SetupException;
import prekeeper.store.H2Files;
import prekeeper.store.JdbcPrekeyStore;
import prekeeper.store.StoreSettings;
import prekeeper.store.UnpackedBackup;

/** {@code prekeeper store restore}: puts a backup back, and marks all prekey messages in it as spent. */
@Command(
        name = "restore",
        description = {
            "Puts a backup back where the configuration says that the database is, and marks all prekey messages in it as spent:"
                    + " any of them may have been handed out since. Nothing may be there yet.",
            "With --spend-only, does the second alone, to a database that other tools put back."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class RestoreCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config;

    @ArgGroup(multiplicity = "1")
    private What what;

    private final Console console;

    private static final class What {
        @Parameters(paramLabel = "FILE", description = "what \"prekeeper store backup\" wrote")
        private Path backup;

        @Option(
                names = "--spend-only",
                required = true,
                description = "the database is back already, by pg_restore or as a copied file: mark what is in it")
        private boolean spendOnly;
    }

    RestoreCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws SetupException {
        Settings all = config.loadForStore(console);
        StoreSettings settings = all.store();
        if (what.spendOnly) {
            try (JdbcPrekeyStore store = StoppedStore.open(settings)) {
                told(store.contents().spend());
            }
        } else {
            Path database = H2Files.database(settings)
                    .orElseThrow(
                            () -> new SetupException(
                                    "only an embedded database is restored from a file",
                                    "put one of PostgreSQL back with pg_restore; then run prekeeper store restore --spend-only"));
            restore(settings, database);
        }
        if (!KeyFile.isThere(all.keyFile())) {
            console.hint("there is no identity key at " + all.keyFile()
                    + ": put its copy there before the server starts, or it makes a new one, and everybody has to compare"
                    + " fingerprints again");
        }
        return Main.DONE;
    }

    /** Nothing appears at the place of the database before all of it is spent. */
    private void restore(StoreSettings settings, Path database) {
        H2Files.makeRoomFor(database);
        try (UnpackedBackup unpacked = UnpackedBackup.of(what.backup, database.getParent())) {
            long spent;
            try (JdbcPrekeyStore store = JdbcPrekeyStore.open(unpacked.settings(settings))) {
                spent = store.contents().spend();
            }
            unpacked.moveTo(database);
            console.result("restored " + what.backup + " to " + database);
            told(spent);
        }
    }

    private void told(long spent) {
        console.result(spent + " prekey messages were marked as spent, since they may have been handed out");
        if (spent > 0) {
            console.hint(
                    "nobody can write to their owners while those are offline until their clients publish new ones, as they"
                            + " do when they connect");
        }
    }
}
