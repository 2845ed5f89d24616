package prekeeper.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Runs what opens and closes a database on a thread that ends with it. Nobody interrupts that: H2 loses its file when that happens while
 * it reads or writes. And the pool leaves something of itself in every thread that it lent a connection to.
 */
final class OwnThread {

    private OwnThread() {}

    /** What {@code work} gives or throws. */
    static <T> T run(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, command -> new Thread(command, "prekeeper-store-life").start())
                    .join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException told ? told : failed;
        }
    }
}
