package prekeeper.xmpp;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Counts the stanzas that were let in and are not answered yet, up to a bound in all and another for each account, so that none
 * takes all the room. Thread-safe.
 */
final class WorkInFlight {
    private final int most;
    private final int share;
    private final Semaphore free;
    private final Map<String, Integer> accounts = new ConcurrentHashMap<>();

    /**
     * @param most in all
     * @param share of one account
     */
    WorkInFlight(int most, int share) {
        this.most = most;
        this.share = share;
        this.free = new Semaphore(most);
    }

    int most() {
        return most;
    }

    /** Lets one more of {@code account} in, or says false when there are as many as may be. */
    boolean begin(String account) {
        if (!free.tryAcquire()) {
            return false;
        }
        // an account with nothing in flight has no entry, so there are never more than there is work
        if (accounts.merge(account, 1, Integer::sum) > share) {
            end(account);
            return false;
        }
        return true;
    }

    /** One that {@link #begin} let in is done. */
    void end(String account) {
        accounts.computeIfPresent(account, (same, count) -> count == 1 ? null : count - 1);
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
