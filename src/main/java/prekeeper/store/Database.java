package prekeeper.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * One open database with tables that are up to date, and what differs from engine to engine. Thread-safe.
 *
 * <p>What goes wrong while one opens is told as one line for the administrator: what, where, what to do.
 */
interface Database extends AutoCloseable {
    /** How many transactions run at once, at most. */
    int TRANSACTIONS = 8;

    /** One more than there are transactions, for {@link Durability}. */
    int CONNECTIONS = TRANSACTIONS + 1;

    /**
     * Opens the database that {@code settings} name.
     *
     * @throws StorageException in one line for the administrator
     */
    static Database open(StoreSettings settings) {
        return settings.isPostgres() ? PostgresDatabase.open(settings) : H2Database.open(settings);
    }

    /** Where connections come from; a caller waits some seconds for one before it is told that there is none. */
    DataSource connections();

    Tables tables();

    /** The isolation in which a transaction sees one state of the database from its first statement to its last. */
    TransactionIsolationLevel oneView();

    /** Whether no other process can have the database open. */
    boolean isOurs();

    /**
     * What the database lives in now. One that closed itself, after an error of its own, and was opened again lives in another one, which
     * may lack what was committed in the first and not {@linkplain #force forced}.
     *
     * @param connection of {@link #connections()}
     * @return an object that is equal to no other incarnation
     */
    Object incarnation(Connection connection) throws SQLException;

    /** Whether a transaction is on disk when its commit returns. */
    boolean commitsAreDurable();

    /**
     * Returns when everything that was committed is on disk; does nothing where commits are durable.
     *
     * @param connection of {@link #connections()}; after a failure it must not be used again
     */
    void force(Connection connection) throws SQLException;

    /** Why the disk does not take what is written now, as far as that is known; administrators were told. */
    Optional<String> trouble();

    /** From now on what the disk refuses fails, rather than to wait until it does not; {@link #close()} is to follow. */
    void endPatience();

    /** Keeps a connection that failed from being lent again. */
    void drop(Connection connection);

    /**
     * Copies the database while it is used; see {@link Inventory#backUp}.
     *
     * @throws StorageException in one line for the administrator
     */
    void backUp(Handle handle, Path file);

    /** Ends what is running and lets everything go. Closing again does nothing. */
    @Override
    void close();
}
