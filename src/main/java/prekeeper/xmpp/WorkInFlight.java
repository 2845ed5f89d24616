package prekeeper.xmpp;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Counts the stanzas that were let in and are not answered yet, up to a bound. Thread-safe. */
final class WorkInFlight {
    private final int most;
    private final Semaphore free;

    WorkInFlight(int most) {
        this.most = most;
        this.free = new Semaphore(most);
    }

    int most() {
        return most;
    }

    /** Lets one more in, or says false when there are as many as may be. */
    boolean begin() {
        return free.tryAcquire();
    }

    /** One that {@link #begin} let in is done. */
    void end() {
        free.release();
    }

    /**
     * Waits until nothing is in flight.
     *
     * @return false when something still was after {@code patience}, or the thread was interrupted
     */
    boolean awaitNone(Duration patience) {
        try {
            if (free.tryAcquire(most, patience.toMillis(), TimeUnit.MILLISECONDS)) {
                free.release(most);
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
