package prekeeper.xmpp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A token bucket for each account, domain or pair of accounts. Their number is bounded: of more, those that were used least are
 * forgotten, which is lenient to them. Thread-safe.
 */
final class Buckets {
    /** Each takes some 600 bytes: the buckets of all limits together never take more than a fifth of the memory. */
    static final int MOST = (int) Math.min(1_000_000, Runtime.getRuntime().maxMemory() / 20_000);

    private final Supplier<Rate> rate;
    private final TimeMeter time;
    private final Runnable onEmpty;
    private volatile Filled filled;

    /** The buckets of one rate; when it changes all are full again. */
    private record Filled(Rate rate, Cache<Object, Bucket> buckets) {}

    /** @param rate may change at any time */
    Buckets(Supplier<Rate> rate, InstantSource clock) {
        this(rate, clock, () -> {});
    }

    private Buckets(Supplier<Rate> rate, InstantSource clock, Runnable onEmpty) {
        this.rate = rate;
        this.time = new Clock(clock);
        this.onEmpty = onEmpty;
        this.filled = fill(rate.get());
    }

    static Buckets of(RateLimit limit, LiveLimits limits, InstantSource clock) {
        return new Buckets(() -> limits.current().rates().get(limit), clock, () -> limits.hit(limit));
    }

    /** Takes a token out of the bucket of {@code key}, or says after how many whole seconds there will be one. */
    Optional<Duration> take(Object key) {
        Rate now = rate.get();
        Filled current = filled;
        if (!current.rate.equals(now)) {
            current = fill(now);
            filled = current;
        }
        ConsumptionProbe probe = current.buckets.get(key, any -> bucket(now)).tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            return Optional.empty();
        }
        onEmpty.run();
        return Optional.of(wholeSeconds(probe.getNanosToWaitForRefill()));
    }

    private static Duration wholeSeconds(long nanos) {
        return Duration.ofSeconds(TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1));
    }

    /** How many buckets are remembered. */
    long size() {
        Cache<Object, Bucket> buckets = filled.buckets;
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    private Filled fill(Rate of) {
        // a bucket that nobody used for so long is full again: it need not be kept
        Duration untilFull = Duration.ofSeconds(1 + 3600L * of.burst() / of.perHour());
        return new Filled(
                of,
                Caffeine.newBuilder()
                        .maximumSize(MOST)
                        .expireAfterAccess(untilFull)
                        .ticker(time::currentTimeNanos)
                        .executor(Runnable::run)
                        .build());
    }

    private Bucket bucket(Rate of) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(of.burst()).refillGreedy(of.perHour(), Duration.ofHours(1)))
                .withCustomTimePrecision(time)
                .build();
    }

    private record Clock(InstantSource source) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return TimeUnit.MILLISECONDS.toNanos(source.millis());
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
