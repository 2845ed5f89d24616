package prekeeper.store;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one transaction from begin to commit, again when another one was in its way.
 *
 * <p>Nothing that a transaction read or took leaves {@link #run} before its commit. Who may hear of a change, and when, is for
 * {@link Durability}.
 *
 * <p>Statements run on threads of our own: an interrupt while a thread reads a file closes that file, and with it the
 * database, for all threads (java.nio.channels.InterruptibleChannel). A caller's interrupt waits until its answer is there. A caller
 * waits some seconds only, whatever the database does; its transaction may still be committed then.
 */
final class Transactions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    /** After that no attempt begins; a wait for a lock alone may last two seconds. */
    private static final long LONGEST_NANOS = 8_000_000_000L;

    /** Grows with the attempts, up to the longest; where in it a thread goes on is left to chance. */
    private static final long PAUSE_NANOS = 2_000_000;

    private static final long LONGEST_PAUSE_NANOS = 50_000_000;

    private static final long IDLE_SECONDS = 60;
    private static final long LAST_WAIT_SECONDS = 20;

    /** With the wait for a worker. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(15);

    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    private final Database database;
    private final Jdbi jdbi;
    private final ThreadPoolExecutor workers;
    private final Outage outage = new Outage(LOG, "the database");

    /** On {@code database}, which is not closed with this; more transactions than it has connections for queue. */
    Transactions(Database database) {
        this.database = database;
        this.jdbi = Jdbi.create(database.connections()).registerArrayType(Long.class, "bigint");
        AtomicInteger number = new AtomicInteger();
        this.workers = new ThreadPoolExecutor(
                Database.TRANSACTIONS,
                Database.TRANSACTIONS,
                IDLE_SECONDS,
                SECONDS,
                new LinkedBlockingQueue<>(), // no longer than there are callers, who wait
                work -> {
                    Thread worker = new Thread(work, "prekeeper-store-" + number.incrementAndGet());
                    worker.setDaemon(true);
                    return worker;
                });
        workers.allowCoreThreadTimeOut(true);
    }

    /**
     * The result of {@code work}, which may run several times; all but the last time are rolled back.
     *
     * @param what names the work in errors
     * @throws StorageException when it failed, others were in the way for too long, or there was no answer
     */
    <T> T run(String what, HandleCallback<T, SQLException> work) {
        return commit(what, work).result();
    }

    /** The same, for {@link Durability}. */
    <T> Committed<T> commit(String what, HandleCallback<T, SQLException> work) {
        refuseWhileInTrouble(what);
        try {
            Committed<T> committed = answer(what, begin(() -> runHere(what, work)), LONGEST_ANSWER);
            outage.worked();
            return committed;
        } catch (StorageException failed) {
            if (!workers.isShutdown()) {
                outage.failed(failed.getMessage());
            }
            throw failed;
        }
    }

    /** H2 reads what it could not write yet by trying without a pause until it is written. */
    private void refuseWhileInTrouble(String what) {
        database.trouble().ifPresent(why -> {
            throw new StorageException("can not " + what + ": " + why, null);
        });
    }

    /**
     * The result of {@code work}, which is no transaction: each of its statements stands for itself and runs once, and it may take as
     * long as it needs.
     *
     * @param what names the work in errors
     * @throws StorageException when it failed
     */
    <T> T apart(String what, Function<Handle, T> work) {
        refuseWhileInTrouble(what);
        return answer(
                what,
                begin(() -> {
                    try {
                        return jdbi.withHandle(work::apply);
                    } catch (JdbiException failure) {
                        throw failed(what, failure);
                    }
                }),
                FOR_EVER);
    }

    private <T> CompletableFuture<T> begin(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, workers);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(new StorageException("the store is closed", closed));
        }
    }

    private static <T> T answer(String what, CompletableFuture<T> future, Duration patience) {
        try {
            return Uninterrupted.get(future, patience);
        } catch (TimeoutException late) {
            throw new StorageException("can not " + what + ": no answer within " + patience.toSeconds() + " s", late);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException told
                    ? told
                    : new CompletionException(failed.getCause());
        }
    }

    private <T> Committed<T> runHere(String what, HandleCallback<T, SQLException> work) {
        long begin = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                return jdbi.inTransaction(handle -> runIn(handle, work));
            } catch (JdbiException | SQLException failure) {
                boolean again = Failures.isContention(failure) && System.nanoTime() - begin < LONGEST_NANOS;
                if (!again) {
                    throw failed(what, failure);
                }
                LockSupport.parkNanos(
                        ThreadLocalRandom.current().nextLong(Math.min(attempt * PAUSE_NANOS, LONGEST_PAUSE_NANOS)));
            }
        }
    }

    private <T> Committed<T> runIn(Handle handle, HandleCallback<T, SQLException> work) throws SQLException {
        try {
            return new Committed<>(work.withHandle(handle), database.incarnation(handle.getConnection()));
        } catch (JdbiException | SQLException failure) {
            if (!Failures.isContention(failure)) {
                database.drop(handle.getConnection());
            }
            throw failure;
        }
    }

    private static StorageException failed(String what, Exception failure) {
        if (Failures.isContention(failure)) { // its text can name what others wrote
            return new StorageException("can not " + what + ": others were in the way for too long", failure);
        }
        Throwable cause = Failures.sqlError(failure).map(Throwable.class::cast).orElse(failure);
        return new StorageException("can not " + what + ": " + Failures.firstLine(cause.getMessage()), cause);
    }

    /** Lets what is running or queued come to its end, for some seconds; everything later is refused. */
    @Override
    public void close() {
        workers.shutdown();
        boolean interrupted = Thread.interrupted();
        try {
            workers.awaitTermination(LAST_WAIT_SECONDS, SECONDS);
        } catch (InterruptedException now) {
            interrupted = true; // the database ends what still runs
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
