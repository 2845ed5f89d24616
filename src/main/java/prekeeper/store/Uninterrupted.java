package prekeeper.store;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits that an interrupt does not end: what is waited for happens all the same. It is there again afterwards. */
final class Uninterrupted {

    private Uninterrupted() {}

    /** Not {@link java.util.concurrent.CompletableFuture#orTimeout}, whose thread stays in the process when our classes go. */
    static <T> T get(Future<T> future, Duration patience) throws ExecutionException, TimeoutException {
        boolean interrupted = Thread.interrupted();
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                try {
                    return future.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException now) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
