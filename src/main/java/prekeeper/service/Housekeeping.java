package prekeeper.service;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prekeeper.store.Inventory;
import prekeeper.store.StorageException;

/**
 * Removes in the background what has expired: about once a minute, a little at a time with pauses in between until nothing is
 * left, so that nobody who publishes or retrieves waits for it.
 *
 * <p>Nothing depends on it but space: whatever has expired is never handed out, removed or not. So several servers may do it on
 * one store, and one that can not waits for its next round.
 */
public final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    /** Between rounds, give or take a quarter at random: servers that share a store would march in step. */
    private static final Duration ROUND = Duration.ofMinutes(1);

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int REMOVED_AT_ONCE = 2;
    private static final long LAST_WAIT_SECONDS = 10;

    private final Inventory inventory;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Duration round;
    private final ScheduledThreadPoolExecutor thread;

    /** So that a defect is told of once in a row. Of {@link #thread} alone. */
    private boolean hasFailed;

    /** Makes one that does nothing before {@link #start}, and owns nothing of what it is given. */
    public Housekeeping(Inventory inventory, InstantSource clock, RandomGenerator random) {
        this(inventory, clock, random, ROUND);
    }

    Housekeeping(Inventory inventory, InstantSource clock, RandomGenerator random, Duration round) {
        this.inventory = inventory;
        this.clock = clock;
        this.random = random;
        this.round = round;
        thread = new ScheduledThreadPoolExecutor(
                1,
                work -> {
                    Thread made = new Thread(work, "housekeeping");
                    made.setDaemon(true);
                    return made;
                },
                new ThreadPoolExecutor.DiscardPolicy()); // of the next step, when this is closed during one
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Begins the first round in about a minute. To be called once. */
    public void start() {
        schedule(untilNextRound());
    }

    private void schedule(Duration pause) {
        ScheduledFuture<?> unused = thread.schedule(() -> schedule(step()), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Removes a little, and says how long to wait before the next step: while something was left to remove, not long. */
    Duration step() {
        try {
            int removed = inventory.removeExpired(REMOVED_AT_ONCE, clock.instant())
                    + inventory.removeExpiredPrekeyProfiles(REMOVED_AT_ONCE, clock.instant());
            hasFailed = false;
            return removed > 0 ? PAUSE : untilNextRound();
        } catch (StorageException e) {
            LOG.debug("{}", e.getMessage()); // the store has told administrators
        } catch (RuntimeException defect) { // the next round may do better; a thread that has ended can not
            if (!hasFailed) {
                LOG.error(
                        "removing what has expired failed; this is a defect of the server, please report it:", defect);
            }
            hasFailed = true;
        }
        return untilNextRound();
    }

    private Duration untilNextRound() {
        long quarter = round.toMillis() / 4;
        return round.plusMillis(random.nextLong(-quarter, quarter + 1));
    }

    /** Begins no further step, and waits some seconds for the one that runs. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.debug("still waiting for the store");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
