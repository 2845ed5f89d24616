package prekeeper.xmpp;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import prekeeper.service.StockLimits;
import prekeeper.store.Quotas;

/**
 * Every limit that an administrator may set.
 *
 * @param rates one for each {@link RateLimit}
 * @param announceLowStock whether owners are told when a device is low on stock
 * @param fragmentLength the longest body of an answer, in characters, {@link #LEAST_FRAGMENT_LENGTH} or more; empty: answers are
 *     never cut
 */
public record Limits(
        Map<RateLimit, Rate> rates, StockLimits stock, boolean announceLowStock, OptionalInt fragmentLength) {
    /** Leaves each fragment room for some fifty characters of its message. */
    public static final int LEAST_FRAGMENT_LENGTH = 100;

    public static final int MOST_FRAGMENT_LENGTH = 1_000_000;

    /** What holds where nothing is configured. */
    public static final Limits DEFAULT = new Limits(
            Map.of(),
            new StockLimits(new Quotas(500, 8), StockLimits.MOST_PUBLICATION_BYTES, 10),
            true,
            OptionalInt.empty());

    /** Fills in the default of each rate that is missing. */
    public Limits {
        Map<RateLimit, Rate> complete = new EnumMap<>(RateLimit.class);
        for (RateLimit limit : RateLimit.values()) {
            complete.put(limit, rates.getOrDefault(limit, limit.byDefault()));
        }
        rates = Map.copyOf(complete);
        if (fragmentLength.orElse(LEAST_FRAGMENT_LENGTH) < LEAST_FRAGMENT_LENGTH) {
            throw new IllegalArgumentException(
                    "fragments of " + fragmentLength + " characters, at least " + LEAST_FRAGMENT_LENGTH);
        }
    }
}
