package prekeeper.trial;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When requests become due: at random moments, as those of many people who do not know of each other (a Poisson process of each
 * kind), and whether or not earlier ones are done. Not thread-safe.
 */
final class Schedule {
    private static final double NANOS = 1e9;

    private final Map<LoadKind, Double> rates = new EnumMap<>(LoadKind.class);
    private final Map<LoadKind, Double> next = new EnumMap<>(LoadKind.class);
    private final double end;
    private final RandomGenerator random;

    /** @param at nanoseconds since the beginning */
    record Due(LoadKind kind, long at) {}

    /** @param rates a second, on average */
    Schedule(Map<LoadKind, Double> rates, Duration duration, RandomGenerator random) {
        this.random = random;
        end = duration.toNanos();
        rates.forEach((kind, rate) -> {
            if (rate > 0) {
                this.rates.put(kind, rate);
                next.put(kind, gap(rate));
            }
        });
    }

    /** The next one, never before the one that came before; empty when the duration is over. */
    Optional<Due> next() {
        Optional<LoadKind> first = next.keySet().stream()
                .min((a, b) -> Double.compare(next.get(a), next.get(b)))
                .filter(kind -> next.get(kind) < end);
        return first.map(kind -> {
            double at = next.get(kind);
            next.put(kind, at + gap(rates.get(kind)));
            return new Due(kind, (long) at);
        });
    }

    private double gap(double rate) {
        return random.nextExponential() / rate * NANOS;
    }
}
