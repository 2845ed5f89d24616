package prekeeper.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import prekeeper.server.SetupException;
import prekeeper.store.H2Files;
import prekeeper.store.JdbcPrekeyStore;
import prekeeper.store.StoreSettings;

/**
 * How a command opens a store: without a takings file, which is a server's. So an older database is not noticed here, and nothing is
 * marked as spent but by {@code restore}.
 */
final class StoppedStore {

    private StoppedStore() {}

    /**
     * Opens a store that is there. An embedded one must not be in use.
     *
     * @throws SetupException when there is none
     */
    static JdbcPrekeyStore open(StoreSettings settings) throws SetupException {
        Optional<Path> database = H2Files.database(settings);
        if (database.isEmpty() && !settings.isPostgres()) {
            throw new SetupException(
                    List.of(settings.url() + " lives in the memory of the server, and nothing of it is anywhere else"));
        }
        if (database.isPresent() && !Files.exists(database.get())) {
            throw new SetupException(
                    database.get() + ": no such database",
                    "store.url in the configuration names it, without the ending .mv.db");
        }
        return openOrMake(settings);
    }

    /** Opens a store, and makes it where there is none. */
    static JdbcPrekeyStore openOrMake(StoreSettings settings) {
        return JdbcPrekeyStore.open(new StoreSettings(settings.url(), settings.user(), settings.password()));
    }
}
