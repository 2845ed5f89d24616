package prekeeper.store;

import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Runs one transaction from begin to durable commit, again when another one was in its way.
 *
 * <p>Nothing that a transaction read or took leaves {@link #run} before its commit.
 */
final class Transactions {
    private static final int ATTEMPTS = 10;

    /** Lock waits alone last two seconds each, so few attempts may end in them. */
    private static final long LONGEST_NANOS = 8_000_000_000L;

    private static final long PAUSE_NANOS = 2_000_000;

    private final Jdbi jdbi;

    Transactions(DataSource connections) {
        this.jdbi = Jdbi.create(connections);
    }

    /**
     * The result of {@code work}, which may run several times; all but the last time are rolled back.
     *
     * @param what names the work in errors
     * @throws StorageException when it failed, or others were in the way for too long
     */
    <T> T run(String what, HandleCallback<T, SQLException> work) {
        long begin = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                return jdbi.inTransaction(
                        work); // what must happen between commit and answer has its place behind this call
            } catch (JdbiException | SQLException failure) {
                Optional<SQLException> error = Failures.sqlError(failure);
                boolean again = error.filter(Failures::isContention).isPresent()
                        && attempt < ATTEMPTS
                        && System.nanoTime() - begin < LONGEST_NANOS;
                if (!again) {
                    Throwable cause = error.map(Throwable.class::cast).orElse(failure);
                    throw new StorageException(
                            "can not " + what + ": " + Failures.firstLine(cause.getMessage()), cause);
                }
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(attempt * PAUSE_NANOS));
            }
        }
    }
}
