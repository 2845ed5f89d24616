package prekeeper.xmpp;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The stanzas that were let in and are not answered yet, up to a bound in all and another for each account, so that none takes
 * all the room; those that can not run at once wait for their {@link Turns}. Thread-safe.
 */
public final class WorkInFlight {
    private final int most;
    private final int share;
    private final Turns turns;
    private final Semaphore free;
    private final Map<String, Integer> accounts = new ConcurrentHashMap<>();
    private final LongAdder turnedAway = new LongAdder();

    /**
     * @param most in all
     * @param share of one account
     * @param threads that do the work
     */
    WorkInFlight(int most, int share, int threads) {
        this.most = most;
        this.share = share;
        this.turns = new Turns(threads);
        this.free = new Semaphore(most);
    }

    /** How many there may be. */
    public int most() {
        return most;
    }

    /** How many there are now. */
    public int count() {
        return most - free.availablePermits();
    }

    /** How many of these wait for their turn. */
    public int waiting() {
        return turns.waiting();
    }

    /** How many found no room, since the start. */
    public long turnedAway() {
        return turnedAway.sum();
    }

    int threads() {
        return turns.threads();
    }

    /**
     * Lets one more of {@code account} in, or says false when there are as many as may be.
     *
     * @param isLong as {@link Turns#isLong} says
     * @param start begins the work; called once, here or later on another thread, unless {@link #abandon} comes before
     */
    boolean begin(String account, boolean isLong, Runnable start) {
        if (!reserve(account)) {
            turnedAway.increment();
            return false;
        }
        turns.add(account, isLong, start);
        return true;
    }

    private boolean reserve(String account) {
        if (!free.tryAcquire()) {
            return false;
        }
        // an account with nothing in flight has no entry, so there are never more than there is work
        if (accounts.merge(account, 1, Integer::sum) > share) {
            release(account);
            return false;
        }
        return true;
    }

    /** One that {@link #begin} let in, and started, is done. */
    void end(String account, boolean isLong) {
        turns.end(isLong);
        release(account);
    }

    /** What was not started will not be. */
    void abandon() {
        turns.clear();
    }

    private void release(String account) {
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
