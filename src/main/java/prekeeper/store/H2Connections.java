package prekeeper.store;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.h2.engine.Database;
import org.h2.jdbcx.JdbcDataSource;

/**
 * Connections to one database of H2, which is opened with the first of them, and again when it has closed itself.
 *
 * <p>H2 knows an open database by its name. Each late statement on one that closed itself makes H2 forget that name, although the
 * database was opened again since; then the next connection would open it twice, and find its file in use. So the name is another one each time.
 *
 * <p>Thread-safe.
 */
final class H2Connections implements DataSource {
    private final JdbcDataSource source;
    private final IntFunction<String> urls;
    private int opened;
    private Optional<Database> database = Optional.empty();

    /**
     * Opens nothing yet.
     *
     * @param source has user and password
     * @param urls of the same database by the number of times that it was opened before, never the same
     */
    H2Connections(JdbcDataSource source, IntFunction<String> urls) {
        this.source = source;
        this.urls = urls;
    }

    @Override
    public synchronized Connection getConnection() throws SQLException {
        while (true) {
            if (isOver()) {
                forget();
            }
            source.setURL(urls.apply(opened));
            Connection connection = source.getConnection();
            Database reached = H2Barrier.database(connection);
            if (database.isEmpty()) {
                database = Optional.of(reached);
            }
            if (reached.equals(database.get())) {
                return connection;
            }
            shutDown(connection); // the other one closed itself just now
        }
    }

    /** Whether the database was open, and closed itself. */
    synchronized boolean isOver() {
        return database.filter(open -> open.getStore().getMvStore().isClosed()).isPresent();
    }

    /** Closes the database when it is open; there must be no connections in use. */
    synchronized void shutDown() throws SQLException {
        if (isOver()) {
            forget();
        } else if (database.isPresent()) {
            try (Connection last = getConnection()) {
                shutDown(last);
            }
            database = Optional.empty();
        }
    }

    /** Makes H2 forget it, or whoever opens it by this name later would find it closed. */
    private void forget() {
        database.orElseThrow().shutdownImmediately();
        database = Optional.empty();
        opened++;
    }

    private static void shutDown(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN");
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the user is the database's");
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return source.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter writer) throws SQLException {
        source.setLogWriter(writer);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        source.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return source.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return source.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return source.isWrapperFor(type);
    }
}
