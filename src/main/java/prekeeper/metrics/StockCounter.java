package prekeeper.metrics;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prekeeper.store.Inventory;
import prekeeper.store.Stock;
import prekeeper.store.StorageException;

/**
 * Counts in the background how many devices have how many prekey messages left: at most once a minute, a page at a time with pauses in
 * between, and never for more than a tenth of the time, so that nobody who publishes or retrieves waits for it. Thread-safe.
 */
final class StockCounter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StockCounter.class);

    private static final Duration ROUND = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int PAGE = 100;
    /** Pauses are so many times as long as the work. */
    private static final int SHARE = 9;

    private static final long LAST_WAIT_SECONDS = 5;

    private final Inventory inventory;
    private final InstantSource clock;
    private final int page;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1,
            work -> {
                Thread made = new Thread(work, "metrics-stock");
                made.setDaemon(true);
                return made;
            },
            new ThreadPoolExecutor.DiscardPolicy()); // of the next step, when this is closed during one

    /** The last whole count; null before there is one. */
    private volatile Counted counted;

    /** The count under way. Of {@link #thread} alone, as are the next. */
    private final Map<StockBand, Long> bands = new EnumMap<>(StockBand.class);

    private long after;
    private long busyNanos;
    private boolean hasFailed;

    private record Counted(Map<StockBand, Long> devices, long atNanos) {}

    /** Does nothing before {@link #start}. */
    StockCounter(Inventory inventory, InstantSource clock) {
        this(inventory, clock, PAGE);
    }

    StockCounter(Inventory inventory, InstantSource clock, int page) {
        this.inventory = inventory;
        this.clock = clock;
        this.page = page;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Begins to count. To be called once. */
    void start() {
        schedule(Duration.ZERO);
    }

    /** How many devices of a band there were when they were counted last; not a number when they never were. */
    double devices(StockBand band) {
        Counted last = counted;
        return last == null ? Double.NaN : last.devices.getOrDefault(band, 0L);
    }

    /** How long ago that was. */
    double ageSeconds() {
        Counted last = counted;
        return last == null ? Double.NaN : (System.nanoTime() - last.atNanos) / 1e9;
    }

    private void schedule(Duration pause) {
        ScheduledFuture<?> unused = thread.schedule(() -> schedule(step()), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Counts a page, and says how long to wait before the next one. */
    Duration step() {
        long begin = System.nanoTime();
        try {
            Stock stock = inventory.stock(StockBand.ENOUGH, after, page, clock.instant());
            stock.devices()
                    .forEach((remaining, devices) -> bands.merge(StockBand.of(remaining), (long) devices, Long::sum));
            long end = System.nanoTime();
            busyNanos += end - begin;
            hasFailed = false;
            OptionalLong next = stock.next();
            if (next.isPresent()) {
                after = next.getAsLong();
                return longer(PAUSE, Duration.ofNanos(SHARE * (end - begin)));
            }
            counted = new Counted(Map.copyOf(bands), end);
        } catch (StorageException e) {
            LOG.debug("{}", e.getMessage()); // the store has told administrators
        } catch (RuntimeException defect) { // the next round may do better
            if (!hasFailed) {
                LOG.error("counting the stock failed; this is a defect of the server, please report it:", defect);
            }
            hasFailed = true;
        }
        Duration pause = longer(ROUND, Duration.ofNanos(SHARE * busyNanos));
        bands.clear();
        after = 0;
        busyNanos = 0;
        return pause;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
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
