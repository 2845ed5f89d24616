package prekeeper.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.h2.api.ErrorCode;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.message.DbException;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/** What H2 has no statement for: that everything committed is on disk. */
final class H2Barrier {

    private H2Barrier() {}

    /**
     * Returns when everything that was committed before, on any connection, is on disk; at once when the database is in
     * memory.
     *
     * <p>Not to be interrupted: H2 loses its file when that happens while it writes.
     *
     * @param connection to the database, also one of a pool; what it has not committed stays uncommitted
     * @throws SQLException when it may not be on disk. The connection must not be used again, another statement on it can
     *     hang: drop it. The database may have closed itself, and opens with the next new connection if it can.
     */
    static void force(Connection connection) throws SQLException {
        MVStore store = store(connection);
        if (store.isPersistent()) {
            force(store);
        }
    }

    /** Another one when the database closed itself and was opened again. */
    static MVStore store(Connection connection) throws SQLException {
        return database(connection).getStore().getMvStore();
    }

    /** What H2 has open for a connection. */
    static Database database(Connection connection) throws SQLException {
        if (!(connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session)) {
            throw new SQLException("not a database of this process");
        }
        try {
            return session.getDatabase();
        } catch (DbException failed) {
            throw failed.getSQLException();
        }
    }

    private static void force(MVStore store) throws SQLException {
        try {
            store.commit(); // our changes go to H2's writer threads
            store.executeFilestoreOperation(() -> {}); // these have written them
            store.sync(); // and the disk has them
        } catch (MVStoreException failed) {
            throw failure(failed);
        }
        if (store.isClosed()) { // meanwhile; sync does nothing then, and does not tell
            throw closed(store.getPanicException());
        }
    }

    private static SQLException failure(MVStoreException failed) {
        Throwable cause = failed;
        while (cause.getCause() != null) {
            cause = cause.getCause(); // the disk's own words; H2 wraps positions and lengths around them
        }
        if (cause instanceof IOException) {
            return new SQLException(
                    cause.getMessage(), ErrorCode.getState(ErrorCode.IO_EXCEPTION_1), ErrorCode.IO_EXCEPTION_1, failed);
        }
        return closed(failed);
    }

    private static SQLException closed(Throwable why) {
        return new SQLException(
                "the database is closed",
                ErrorCode.getState(ErrorCode.DATABASE_IS_CLOSED),
                ErrorCode.DATABASE_IS_CLOSED,
                why);
    }
}
