package prekeeper.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import prekeeper.crypto.SecretBytes;
import prekeeper.it.PrivatePostgres;
import prekeeper.it.Scratch;

/** Stores on one PostgreSQL for all tests of this JVM; it ends with the JVM. */
final class PostgresStores {
    static final String FIRST = "first";
    static final String SECOND = "second";

    /** Databases that have tables. */
    private static final Set<String> MADE = ConcurrentHashMap.newKeySet();

    private static PrivatePostgres server;

    private PostgresStores() {}

    static synchronized PrivatePostgres server() {
        if (server == null) {
            try {
                server = PrivatePostgres.startForgetful(Scratch.create());
                server.createDatabase(FIRST);
                server.createDatabase(SECOND);
            } catch (IOException e) {
                throw new UncheckedIOException("no PostgreSQL", e);
            } catch (SQLException e) {
                throw new IllegalStateException("no databases", e);
            }
        }
        return server;
    }

    /** A store that has nothing, in a database that others may have used before. */
    static JdbcPrekeyStore empty(String database) {
        StoreSettings settings = settings(database);
        if (MADE.add(database)) {
            JdbcPrekeyStore.open(settings).close();
        }
        empty(server(), database);
        return JdbcPrekeyStore.open(settings);
    }

    static StoreSettings settings(String database) {
        return new StoreSettings(
                server().url(database),
                Optional.of(PrivatePostgres.USER),
                Optional.of(SecretBytes.copyOf(PrivatePostgres.PASSWORD.getBytes(StandardCharsets.UTF_8))));
    }

    private static void empty(PrivatePostgres postgres, String database) {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet found = statement.executeQuery("SELECT tablename FROM pg_tables"
                    + " WHERE schemaname = 'public' AND tablename <> 'flyway_schema_history'")) {
                while (found.next()) {
                    tables.add(found.getString(1));
                }
            }
            statement.execute("TRUNCATE TABLE " + String.join(", ", tables));
        } catch (SQLException e) {
            throw new IllegalStateException("could not empty " + database, e);
        }
    }
}
