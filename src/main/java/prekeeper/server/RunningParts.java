package prekeeper.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a server that were started, stopped in the opposite order: who is asked last is stopped last. Thread-safe;
 * a signal may stop a server that is still starting.
 */
public final class RunningParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningParts.class);

    private record Part(String name, AutoCloseable part) {}

    private final Deque<Part> parts = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Takes {@code part} over and returns it.
     *
     * @param name for the log, should it not stop
     * @throws CancellationException when everything was stopped meanwhile; {@code part} then is as well
     */
    public synchronized <T extends AutoCloseable> T add(String name, T part) {
        parts.push(new Part(name, part));
        if (closed.getCount() == 0) {
            stopAll();
            throw new CancellationException("stopped while starting");
        }
        return part;
    }

    /** Waits until somebody has called {@link #close()} and all is stopped. */
    public void awaitClosed() throws InterruptedException {
        closed.await();
    }

    /** Stops every part, also when one of them fails to; the second call does nothing but wait for the first. */
    @Override
    public synchronized void close() {
        stopAll();
        closed.countDown();
    }

    private void stopAll() {
        while (!parts.isEmpty()) {
            stop(parts.pop());
        }
    }

    private static void stop(Part part) {
        try {
            part.part().close();
        } catch (Exception e) { // whatever it is, the other parts have to stop too
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOG.error("could not stop the {}", part.name(), e);
        }
    }
}
