package prekeeper.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A database of PostgreSQL 12 or later, or of an engine that speaks as it does; other servers may have it open as well. */
final class PostgresDatabase implements Database {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresDatabase.class);

    private static final int CONNECT_SECONDS = 5;

    /** After so long without a word the server, or the network to it, counts as gone. */
    private static final int SILENCE_SECONDS = 20;

    /**
     * A commit has to be on disk when it returns, whatever the site's default is; one that waits for standbys, too, stays. Who holds a
     * lock for longer than others want to wait may be in another process, and stuck.
     */
    private static final String BEGIN_SESSION = """
            SELECT set_config('synchronous_commit', CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')
              THEN 'on' ELSE current_setting('synchronous_commit') END, FALSE),
              set_config('lock_timeout', '2s', FALSE)""";

    /** Takings leave dead rows at the front of what the next one reads, so they have to go soon. */
    private static final String VACUUM_OFTEN =
            "ALTER TABLE prekey_message SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)";

    private final Tables tables = new PostgresTables();
    private final HikariDataSource pool;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PostgresDatabase(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * Opens the database, which has to be there, and makes its tables or brings them up to date.
     *
     * @throws StorageException in one line: what failed, where, and what to do
     */
    static PostgresDatabase open(StoreSettings settings) {
        PGSimpleDataSource direct = new PGSimpleDataSource();
        direct.setURL(settings.url());
        settings.user().ifPresent(direct::setUser);
        settings.password()
                .ifPresent(secret -> direct.setPassword(new String(secret.toByteArray(), StandardCharsets.UTF_8)));
        direct.setApplicationName("prekeeper");
        direct.setConnectTimeout(CONNECT_SECONDS);
        direct.setLoginTimeout(CONNECT_SECONDS);
        direct.setSocketTimeout(SILENCE_SECONDS);
        direct.setTcpKeepAlive(true);
        String place = settings.url().replaceFirst("\\?.*", "");
        try (Connection first = direct.getConnection()) {
            check(first, place);
            if (direct.getCurrentSchema() != null && first.getSchema() == null) {
                makeSchema(first, direct.getCurrentSchema());
            }
            int migrated = Migrations.run(direct, "postgresql");
            if (migrated > 0 && isPlain(first)) {
                try (Statement statement = first.createStatement()) {
                    statement.execute(VACUUM_OFTEN);
                }
            }
        } catch (SQLException refused) {
            throw new StorageException(explain(refused, place), refused);
        } catch (FlywayException failed) {
            throw new StorageException(
                    Failures.sqlError(failed)
                            .map(error -> explain(error, place))
                            .orElseGet(() -> Migrations.explain(failed, place)),
                    failed);
        }
        return new PostgresDatabase(pool(direct));
    }

    private static HikariDataSource pool(DataSource source) {
        HikariConfig config = Pools.config(source);
        config.setConnectionInitSql(BEGIN_SESSION);
        return new HikariDataSource(config);
    }

    private static void check(Connection connection, String place) throws SQLException {
        if (!setting(connection, "server_encoding").equals("UTF8")) {
            throw new StorageException(
                    "database " + place + " has another encoding than UTF8; make it with ENCODING 'UTF8'", null);
        }
        if (setting(connection, "fsync").equals("off")) {
            LOG.warn(
                    "database {} runs with fsync = off: a power cut can bring back prekeys that were handed out",
                    place);
        }
    }

    /** Makes the first of the {@code named} schemas, none of which is there. */
    private static void makeSchema(Connection connection, String named) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String first = statement.enquoteIdentifier(named.replaceFirst(",.*", ""), true);
            statement.execute("CREATE SCHEMA IF NOT EXISTS " + first);
        }
    }

    /** Of the server; empty when it has no such setting. */
    private static String setting(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet value =
                        statement.executeQuery("SELECT COALESCE(current_setting('" + name + "', TRUE), '')")) {
            value.next();
            return value.getString(1);
        }
    }

    /** Whether it is PostgreSQL itself, which has storage parameters that others do not. */
    private static boolean isPlain(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery("SELECT version()")) {
            version.next();
            return version.getString(1).startsWith("PostgreSQL")
                    && !version.getString(1).contains("-YB-");
        }
    }

    @Override
    public DataSource connections() {
        return pool;
    }

    @Override
    public Tables tables() {
        return tables;
    }

    @Override
    public TransactionIsolationLevel oneView() {
        return TransactionIsolationLevel.REPEATABLE_READ;
    }

    @Override
    public boolean isOurs() {
        return false;
    }

    /** Always the same: a commit is durable, whatever happens to the server afterwards. */
    @Override
    public Object incarnation(Connection connection) {
        return this;
    }

    @Override
    public boolean commitsAreDurable() {
        return true;
    }

    @Override
    public void force(Connection connection) {
        // a commit has done it
    }

    @Override
    public Optional<String> trouble() {
        return Optional.empty();
    }

    @Override
    public void endPatience() {
        // its server writes to the disk
    }

    @Override
    public void drop(Connection connection) {
        pool.evictConnection(connection);
    }

    @Override
    public void backUp(Handle handle, Path file) {
        throw new StorageException(
                "can not back up to " + file + ": PostgreSQL is backed up with its own tools, such as pg_dump", null);
    }

    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            pool.close();
        }
    }

    private static String explain(SQLException refused, String place) {
        return switch (String.valueOf(refused.getSQLState())) {
            case "28000", "28P01" ->
                "database " + place
                        + " refuses the user or the password: check store.user, store.password and pg_hba.conf";
            case "3D000" ->
                "database " + place + " does not exist: make it, owned by store.user (createdb -O USER NAME)";
            case "42501" ->
                "database " + place + " does not let its user make tables: make that user the owner of the database";
            case "08001", "08006", "57P03" ->
                "can not reach database " + place + ": " + Failures.firstLine(refused.getMessage())
                        + "; start it, or correct store.url";
            default ->
                "can not open database " + place + ": " + Failures.firstLine(refused.getMessage())
                        + "; see PostgreSQL's log";
        };
    }
}
