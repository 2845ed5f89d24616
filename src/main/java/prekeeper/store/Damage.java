package prekeeper.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells administrators of damaged rows, once an hour at most. Thread-safe. */
final class Damage {
    private static final Logger LOG = LoggerFactory.getLogger(Damage.class);
    private static final long QUIET_NANOS = TimeUnit.HOURS.toNanos(1);

    private final AtomicLong toldAt = new AtomicLong(System.nanoTime() - QUIET_NANOS);

    void tell(DamagedException damaged) {
        long last = toldAt.get();
        long now = System.nanoTime();
        if (now - last >= QUIET_NANOS && toldAt.compareAndSet(last, now)) {
            LOG.error(
                    "the database gave back {}, which are not handed out; check the disk, and run prekeeper store verify",
                    damaged.getMessage());
        }
    }
}
