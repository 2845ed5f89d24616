package prekeeper.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import prekeeper.store.Inventory;
import prekeeper.xmpp.ServerConnection;

/** Whether a server can serve now: it is connected, and its store answers. Thread-safe. */
final class Readiness implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread made = new Thread(work, "metrics-readiness");
        made.setDaemon(true);
        return made;
    });

    private final Duration patience;

    /** What the store was asked last; of one that hangs nothing more is asked. Guarded by this. */
    private Future<?> asked = CompletableFuture.completedFuture(null);

    private volatile Optional<Server> server = Optional.empty();

    private record Server(ServerConnection connection, Inventory inventory) {}

    Readiness() {
        this(PATIENCE);
    }

    Readiness(Duration patience) {
        this.patience = patience;
    }

    /** From now on it is that of a server which has started. */
    void of(ServerConnection connection, Inventory inventory) {
        server = Optional.of(new Server(connection, inventory));
    }

    /** Empty when it is ready, else why not, in one line. */
    Optional<String> ask() {
        if (server.isEmpty()) {
            return Optional.of("starting");
        }
        List<String> lacks = new ArrayList<>();
        if (!server.get().connection().isConnected()) {
            lacks.add("not connected to the XMPP server");
        }
        if (!answers(server.get().inventory())) {
            lacks.add("the store does not answer");
        }
        return lacks.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", lacks));
    }

    private synchronized boolean answers(Inventory inventory) {
        try {
            if (asked.isDone()) {
                asked = thread.submit(inventory::ping);
            }
            asked.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RejectedExecutionException | ExecutionException | TimeoutException e) {
            return false;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
