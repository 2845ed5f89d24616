package prekeeper.store;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Tells administrators of something that stopped working: one line when it does, one every ten minutes while it goes on, and one
 * when it works again. Something that fails and works by turns counts as failing. Thread-safe.
 */
final class Outage {
    private static final long REMINDER_NANOS = Duration.ofMinutes(10).toNanos();

    /** So long nothing must have failed before it counts as working. */
    private static final long CALM_NANOS = Duration.ofSeconds(5).toNanos();

    private final Logger log;
    private final String what;
    private final LongSupplier nanoTime;

    /** Read without the lock, as it is false nearly always. */
    private volatile boolean isFailing;

    private long failures;
    private long begin;
    private long lastFailure;
    /** When it worked first since the last failure, if it did. */
    private OptionalLong calmSince = OptionalLong.empty();

    private long lastLine;

    /** @param what stops and works again, the begin of each line, such as "the store" */
    Outage(Logger log, String what) {
        this(log, what, System::nanoTime);
    }

    Outage(Logger log, String what, LongSupplier nanoTime) {
        this.log = log;
        this.what = what;
        this.nanoTime = nanoTime;
    }

    /**
     * Notes that it failed.
     *
     * @param why one line: what failed, where, and what to do
     */
    synchronized void failed(String why) {
        long now = nanoTime.getAsLong();
        failures++;
        lastFailure = now;
        calmSince = OptionalLong.empty();
        if (!isFailing) {
            isFailing = true;
            begin = now;
            lastLine = now;
            log.error("{} fails: {}", what, why);
        } else if (now - lastLine >= REMINDER_NANOS) {
            lastLine = now;
            log.error("{} still fails, {} times in {}: {}", what, failures, since(now), why);
        }
    }

    /** Costs nothing while all is well. */
    void worked() {
        if (isFailing) {
            end();
        }
    }

    private synchronized void end() {
        long now = nanoTime.getAsLong();
        calmSince = OptionalLong.of(calmSince.orElse(now));
        if (isFailing && now - lastFailure >= CALM_NANOS) {
            isFailing = false;
            log.info("{} works again; it failed {} times in {}", what, failures, since(calmSince.getAsLong()));
            failures = 0;
        }
    }

    private String since(long now) {
        long seconds = Duration.ofNanos(now - begin).toSeconds();
        return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
    }
}
