package prekeeper.store;

import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Where callers wait until what they committed is on disk, and what they took is marked. One barrier serves all who wait for it,
 * so that durability costs time but no throughput. Thread-safe.
 */
final class Durability implements AutoCloseable {
    private final Database database;
    private final Optional<TakingMark> mark;
    private final Jdbi jdbi;
    private final GroupCommit group;

    /** Takes {@code mark} over, and not {@code database}. */
    Durability(Database database, Optional<TakingMark> mark) {
        this.database = database;
        this.mark = mark;
        this.jdbi = Jdbi.create(database.connections());
        this.group = new GroupCommit("prekeeper-store-barrier", this::commit);
    }

    /**
     * Returns when everything that was committed before is on disk.
     *
     * @param what names what was committed, in errors
     * @throws StorageException when it may not be
     */
    void ofChange(String what) {
        if (!database.commitsAreDurable()) {
            group.await(what, false);
        }
    }

    /**
     * Returns when everything that was committed before is on disk, and so is a mark that an older database lacks.
     *
     * @param what names what was committed, in errors
     * @throws StorageException when it may not be, or the database turns out to be older than what was handed out; nothing of
     *     what was taken may be handed out then
     */
    void ofTaking(String what) {
        if (mark.isPresent() || !database.commitsAreDurable()) {
            group.await(what, mark.isPresent());
        }
    }

    /** On the thread of the group. */
    private void commit(boolean anyTaking) throws SQLException {
        try (Handle handle = jdbi.open()) {
            commit(handle, anyTaking);
        }
    }

    private void commit(Handle handle, boolean anyTaking) throws SQLException {
        try {
            long reached = anyTaking ? mark.orElseThrow().advance(handle) : 0;
            database.force(handle.getConnection());
            if (anyTaking) {
                mark.orElseThrow().record(reached);
            }
        } catch (SQLException | RuntimeException failed) {
            database.drop(handle.getConnection());
            throw failed;
        }
    }

    /** Fails whoever still waits. */
    @Override
    public void close() {
        group.close();
        mark.ifPresent(TakingMark::close);
    }
}
