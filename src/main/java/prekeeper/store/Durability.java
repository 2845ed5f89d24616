package prekeeper.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs transactions that somebody hears of, and returns when what they changed is on disk, and what they took is marked. One barrier
 * serves all who wait for it, so that durability costs time but no throughput. Thread-safe.
 *
 * <p>While a disk does not take what was committed, nothing more is: each taking would spend a prekey message that nobody gets.
 */
final class Durability implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Durability.class);

    /** A disk that is this slow gets nothing more to do. */
    private static final Duration SLOW = Duration.ofSeconds(3);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Database database;
    private final Transactions transactions;
    private final Optional<TakingMark> mark;
    private final Jdbi jdbi;
    private final GroupCommit<Object> group;
    private final Outage outage = new Outage(LOG, "making changes durable");

    /** Takes {@code mark} over, and nothing else. */
    Durability(Database database, Transactions transactions, Optional<TakingMark> mark) {
        this.database = database;
        this.transactions = transactions;
        this.mark = mark;
        this.jdbi = Jdbi.create(database.connections());
        this.group = new GroupCommit<>("prekeeper-store-barrier", LONGEST_WAIT, this::force);
    }

    /**
     * The result of {@code work}, when everything that was committed before and with it is on disk.
     *
     * @param what names the work, in errors
     * @throws StorageException when it may not be
     */
    <T> T change(String what, HandleCallback<T, SQLException> work) {
        return change(what, work, result -> true);
    }

    /** The same, at once for a result that tells that nothing was changed, and that nobody else's change is told by. */
    <T> T change(String what, HandleCallback<T, SQLException> work, Predicate<T> isChange) {
        return run(what, work, isChange, false);
    }

    /**
     * The same; a mark is on disk as well, which an older database lacks.
     *
     * @throws StorageException also when the database turns out to be older than what was handed out; nothing of what was taken may be
     *     handed out then
     */
    <T> T taking(String what, HandleCallback<T, SQLException> work, Predicate<T> isTaking) {
        return run(what, work, isTaking, mark.isPresent());
    }

    /** Returns when everything that was committed in an incarnation is on disk. */
    void await(String what, Object incarnation) {
        await(what, incarnation, false);
    }

    private <T> T run(String what, HandleCallback<T, SQLException> work, Predicate<T> isChange, boolean isMarked) {
        refuseWhileDiskIsSlow(what);
        Committed<T> committed = transactions.commit(what, work);
        if (isChange.test(committed.result())) {
            await(what, committed.incarnation(), isMarked);
        }
        return committed.result();
    }

    private void refuseWhileDiskIsSlow(String what) {
        Duration running = group.running();
        if (running.compareTo(SLOW) > 0) {
            throw told(new StorageException(
                    "can not " + what + ": what was written " + running.toSeconds() + " s ago is not on disk yet",
                    null));
        }
    }

    /** The same, after administrators were told of it. */
    private StorageException told(StorageException failed) {
        if (database.trouble().isEmpty()) {
            outage.failed(failed.getMessage());
        }
        return failed;
    }

    private void await(String what, Object incarnation, boolean isMarked) {
        if (!isMarked && database.commitsAreDurable()) {
            return;
        }
        try {
            if (!group.await(what, isMarked).equals(incarnation)) {
                throw new StorageException(
                        "can not " + what + ": the database failed, and went back to what was on disk", null);
            }
            outage.worked();
        } catch (StorageException failed) {
            throw told(failed);
        }
    }

    /** On the thread of the group; which incarnation was forced. */
    private Object force(boolean isMarked) throws SQLException {
        try (Handle handle = jdbi.open()) {
            return force(handle, isMarked);
        }
    }

    private Object force(Handle handle, boolean isMarked) throws SQLException {
        try {
            Object incarnation = database.incarnation(handle.getConnection());
            long reached = isMarked ? mark.orElseThrow().advance(handle) : 0;
            database.force(handle.getConnection());
            if (isMarked) {
                mark.orElseThrow().record(reached);
            }
            return incarnation;
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
