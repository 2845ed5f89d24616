package prekeeper.store;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Runs one transaction from begin to commit, again when another one was in its way.
 *
 * <p>Nothing that a transaction read or took leaves {@link #run} before its commit, and nobody may hear of a change before
 * {@link Durability} has it on disk.
 *
 * <p>Statements run on threads of our own: an interrupt while a thread reads a file closes that file, and with it the
 * database, for all threads (java.nio.channels.InterruptibleChannel). A caller's interrupt waits until its answer is there.
 */
final class Transactions implements AutoCloseable {
    /** After that no attempt begins; a wait for a lock alone may last two seconds. */
    private static final long LONGEST_NANOS = 8_000_000_000L;

    /** Grows with the attempts, up to the longest; where in it a thread goes on is left to chance. */
    private static final long PAUSE_NANOS = 2_000_000;

    private static final long LONGEST_PAUSE_NANOS = 50_000_000;

    private static final long IDLE_SECONDS = 60;
    private static final long LAST_WAIT_SECONDS = 20;

    private final Jdbi jdbi;
    private final ThreadPoolExecutor workers;

    /** @param atOnce how many connections there are; more transactions queue */
    Transactions(DataSource connections, int atOnce) {
        this.jdbi = Jdbi.create(connections).registerArrayType(Long.class, "bigint");
        AtomicInteger number = new AtomicInteger();
        this.workers = new ThreadPoolExecutor(
                atOnce,
                atOnce,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
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
     * @throws StorageException when it failed, or others were in the way for too long
     */
    <T> T run(String what, HandleCallback<T, SQLException> work) {
        return onWorker(what, () -> runHere(what, work));
    }

    /**
     * The result of {@code work}, which is no transaction: each of its statements stands for itself and runs once.
     *
     * @param what names the work in errors
     * @throws StorageException when it failed
     */
    <T> T apart(String what, Function<Handle, T> work) {
        return onWorker(what, () -> {
            try {
                return jdbi.withHandle(work::apply);
            } catch (JdbiException failure) {
                throw failed(what, failure);
            }
        });
    }

    private <T> T onWorker(String what, Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, workers).join();
        } catch (RejectedExecutionException closed) {
            throw new StorageException("can not " + what + ": the store is closed", closed);
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException told ? told : failed;
        }
    }

    private <T> T runHere(String what, HandleCallback<T, SQLException> work) {
        long begin = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                return jdbi.inTransaction(work);
            } catch (JdbiException | SQLException failure) {
                boolean again = Failures.sqlError(failure)
                                .filter(Failures::isContention)
                                .isPresent()
                        && System.nanoTime() - begin < LONGEST_NANOS;
                if (!again) {
                    throw failed(what, failure);
                }
                LockSupport.parkNanos(
                        ThreadLocalRandom.current().nextLong(Math.min(attempt * PAUSE_NANOS, LONGEST_PAUSE_NANOS)));
            }
        }
    }

    private static StorageException failed(String what, Exception failure) {
        Throwable cause = Failures.sqlError(failure).map(Throwable.class::cast).orElse(failure);
        return new StorageException("can not " + what + ": " + Failures.firstLine(cause.getMessage()), cause);
    }

    /** Lets what is running or queued come to its end, for some seconds; everything later is refused. */
    @Override
    public void close() {
        workers.shutdown();
        boolean interrupted = Thread.interrupted();
        try {
            workers.awaitTermination(LAST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException now) {
            interrupted = true; // the database ends what still runs
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
