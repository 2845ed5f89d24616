package prekeeper.store;

import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Notices a database that is older than what was handed out: a backup that was put back, a file that was cut, a standby that
 * lagged behind.
 *
 * <p>After each group of takings a number grows, first in the database, by a transaction of its own that follows theirs, then in a
 * {@link TakingsFile}. So whatever was handed out is in every database that has the file's number, and the file is never
 * ahead unless the database went back. Then all prekey messages in it may have been handed out before, and are spent.
 *
 * <p>Each server process has a file and a row. Who finds the database behind spends for all: the others' rows are forgiven, or each
 * would spend once more what was published since.
 *
 * <p>Not thread-safe; {@link Durability} uses it on one thread.
 */
final class TakingMark implements AutoCloseable {
    /** Fails, by counting 0, when the row is not what it must be. A commit whose end nobody heard of may have put it ahead. */
    private static final String ADVANCE = """
            UPDATE taking_mark SET mark = :next
            WHERE server = :server AND mark >= :file AND mark < :next AND NOT forgiven""";

    private static final String LOCK = "SELECT mark, forgiven FROM taking_mark WHERE server = :server FOR UPDATE";

    private static final String INSERT = """
            INSERT INTO taking_mark (server, mark, forgiven) VALUES (:server, :mark, FALSE)""";

    private static final String UPDATE = "UPDATE taking_mark SET mark = :mark, forgiven = FALSE WHERE server = :server";

    private static final String COUNT_OTHERS =
            "SELECT COUNT(*) FROM taking_mark WHERE server <> :server AND NOT forgiven";

    private static final String FORGIVE = "UPDATE taking_mark SET forgiven = TRUE WHERE server <> :server";

    private final TakingsFile file;
    private final Database database;
    private final Consumer<SpentPrekeys> listener;
    private long mark;

    private TakingMark(TakingsFile file, Database database, Consumer<SpentPrekeys> listener) {
        this.file = file;
        this.database = database;
        this.listener = listener;
    }

    /**
     * Compares the file with the database.
     *
     * @param file is closed when this fails, or with the mark
     * @param listener hears of it when prekey messages were spent, now or later, on the thread that finds out
     * @throws StorageException in one line for the administrator
     */
    static TakingMark open(TakingsFile file, Database database, Consumer<SpentPrekeys> listener) {
        TakingMark made = new TakingMark(file, database, listener);
        try {
            Finding unused = OwnThread.run(() -> Jdbi.create(database.connections())
                    .withHandle(handle -> made.settle(handle, SpentPrekeys.Occasion.START)));
            return made;
        } catch (RuntimeException failed) {
            made.close();
            throw failed;
        }
    }

    /**
     * Makes the number grow in the database, and commits.
     *
     * @return the number, to be {@linkplain #record recorded} when the database has it on disk
     * @throws StorageException when the database turns out to be behind; what was taken before must not be handed out
     */
    long advance(Handle handle) {
        long next = mark + 1;
        int advanced = handle.createUpdate(ADVANCE)
                .bind("server", file.server())
                .bind("file", file.number())
                .bind("next", next)
                .execute();
        if (advanced == 1) {
            mark = next;
            return next;
        }
        if (settle(handle, SpentPrekeys.Occasion.RUNNING) != Finding.UP_TO_DATE) {
            throw new StorageException(
                    "the database went back to an older state; what was taken from it is not given out", null);
        }
        return mark;
    }

    /** Writes a number to the file, after the database has it on disk. */
    void record(long number) {
        file.write(number);
    }

    private enum Finding {
        UP_TO_DATE,
        FORGIVEN,
        BEHIND
    }

    /** Brings row and file together, and spends what may have been handed out. */
    private Finding settle(Handle handle, SpentPrekeys.Occasion occasion) {
        Settled settled = handle.inTransaction(this::settleInTransaction);
        mark = settled.mark();
        settled.spent()
                .filter(spent -> spent > 0)
                .ifPresent(spent -> listener.accept(new SpentPrekeys(spent, occasion)));
        return settled.finding();
    }

    private Settled settleInTransaction(Handle handle) {
        Optional<Row> row = handle.createQuery(LOCK)
                .bind("server", file.server())
                .map((found, context) -> new Row(found.getLong("mark"), found.getBoolean("forgiven")))
                .findOne();
        if (row.isEmpty()) {
            // in a database that is ours alone another's row is of another life of it, and its file is lost
            boolean known = file.number() > 0 || (database.isOurs() && others(handle) > 0);
            handle.createUpdate(INSERT)
                    .bind("server", file.server())
                    .bind("mark", file.number())
                    .execute();
            return known
                    ? spend(handle, file.number())
                    : new Settled(Finding.UP_TO_DATE, file.number(), Optional.empty());
        }
        if (row.get().forgiven()) {
            long adopted = Math.max(row.get().mark(), file.number()) + 1;
            update(handle, adopted);
            return new Settled(Finding.FORGIVEN, adopted, Optional.empty());
        }
        if (row.get().mark() >= file.number()) {
            long next = row.get().mark() + 1;
            update(handle, next);
            return new Settled(Finding.UP_TO_DATE, next, Optional.empty());
        }
        return spend(handle, file.number());
    }

    private Settled spend(Handle handle, long reached) {
        long spent = database.tables().spendAll(handle);
        long next = reached + 1;
        update(handle, next);
        handle.createUpdate(FORGIVE).bind("server", file.server()).execute();
        return new Settled(Finding.BEHIND, next, Optional.of(spent));
    }

    private long others(Handle handle) {
        return handle.createQuery(COUNT_OTHERS)
                .bind("server", file.server())
                .mapTo(Long.class)
                .one();
    }

    private void update(Handle handle, long number) {
        handle.createUpdate(UPDATE)
                .bind("mark", number)
                .bind("server", file.server())
                .execute();
    }

    @Override
    public void close() {
        file.close();
    }

    private record Row(long mark, boolean forgiven) {}

    /** @param spent how many prekey messages, when the database was behind */
    private record Settled(Finding finding, long mark, Optional<Long> spent) {}
}
