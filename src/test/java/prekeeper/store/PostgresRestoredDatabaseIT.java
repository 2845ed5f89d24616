package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static prekeeper.store.Publishing.message;

import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import prekeeper.it.PrivatePostgres;

class PostgresRestoredDatabaseIT extends RestoredDatabaseContract {
    private static final String COPY = "copy";

    private final PrivatePostgres server = PostgresStores.server();

    @Override
    StoreSettings makeDatabase() {
        PostgresStores.empty(PostgresStores.FIRST).close();
        return PostgresStores.settings(PostgresStores.FIRST);
    }

    @Override
    void keepCopy() throws SQLException {
        copy(PostgresStores.FIRST, COPY);
    }

    @Override
    void putCopyBack() throws SQLException {
        copy(COPY, PostgresStores.FIRST);
    }

    /** Ends whoever is connected to the target. */
    private void copy(String source, String target) throws SQLException {
        server.execute("postgres", "DROP DATABASE IF EXISTS " + target + " WITH (FORCE)");
        server.execute("postgres", "CREATE DATABASE " + target + " TEMPLATE " + source);
    }

    private StoreSettings another() {
        return settings.withTakingsFile(folder.resolve("another.takings"));
    }

    @Test
    void aSecondServerJoinsWithoutSpending() {
        try (JdbcPrekeyStore store = open()) {
            phone().profiles().messages(1, 2).in(store);
            assertEquals(Optional.of(message(1)), take(store));
            try (JdbcPrekeyStore second = JdbcPrekeyStore.open(another())) {
                assertEquals(Optional.of(message(2)), take(second));
            }
        }
        assertTold();
    }

    @Test
    void ofTwoServersTheFirstOneSpendsForBoth() throws SQLException {
        try (JdbcPrekeyStore store = open();
                JdbcPrekeyStore second = JdbcPrekeyStore.open(another())) {
            phone().profiles().messages(1, 2, 3, 4).in(store);
            assertEquals(Optional.of(message(1)), take(store));
            assertEquals(Optional.of(message(2)), take(second));
        }
        keepCopy();
        try (JdbcPrekeyStore store = open();
                JdbcPrekeyStore second = JdbcPrekeyStore.open(another())) {
            assertEquals(Optional.of(message(3)), take(store));
            assertEquals(Optional.of(message(4)), take(second));
        }
        putCopyBack();
        try (JdbcPrekeyStore store = open()) {
            phone().messages(5, 6).in(store);
            try (JdbcPrekeyStore second = JdbcPrekeyStore.open(another())) {
                assertEquals(Optional.of(message(5)), take(second), "what was published since is there");
            }
            assertEquals(Optional.of(message(6)), take(store));
        }
        assertTold(new SpentPrekeys(2, SpentPrekeys.Occasion.START));
    }

    @Test
    void aDatabaseThatIsExchangedUnderARunningServerIsNoticedBeforeItHandsOut() throws SQLException {
        try (JdbcPrekeyStore store = open()) {
            phone().profiles().messages(1, 2, 3).in(store);
        }
        keepCopy();
        try (JdbcPrekeyStore store = open()) {
            assertEquals(Optional.of(message(1)), take(store));
            putCopyBack();
            assertThrows(StorageException.class, () -> takeWhenConnected(store));
            phone().messages(4).in(store);
            assertEquals(Optional.of(message(4)), take(store));
        }
        assertTold(new SpentPrekeys(2, SpentPrekeys.Occasion.RUNNING));
    }

    /** The first attempts may find connections that were ended. */
    private static void takeWhenConnected(JdbcPrekeyStore store) {
        while (true) {
            try {
                take(store);
                return;
            } catch (StorageException failed) {
                if (failed.getMessage().contains("went back to an older state")) {
                    throw failed;
                }
            }
        }
    }
}
