package prekeeper.server;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import prekeeper.service.StockLimits;
import prekeeper.store.Quotas;
import prekeeper.xmpp.Limits;
import prekeeper.xmpp.Rate;
import prekeeper.xmpp.RateLimit;

/** Reads {@link Limits}: the blocks {@code limits} and {@code low-stock}, and {@code fragment-length}. */
final class LimitsReader {
    private static final String PREKEY_MESSAGES = "prekey-messages";
    private static final String DEVICES = "devices";
    private static final String PUBLICATION_BYTES = "publication-bytes";

    private final Block prekeeper;

    LimitsReader(Block prekeeper) {
        this.prekeeper = prekeeper;
    }

    Limits read() {
        Block limits = prekeeper.block(
                "limits",
                Stream.concat(
                                Stream.of(RateLimit.values()).map(RateLimit::setting),
                                Stream.of(PREKEY_MESSAGES, DEVICES, PUBLICATION_BYTES))
                        .toArray(String[]::new));
        Map<RateLimit, Rate> rates = new EnumMap<>(RateLimit.class);
        for (RateLimit limit : RateLimit.values()) {
            rates.put(limit, rate(limits.block(limit.setting(), "burst", "per-hour"), limit.byDefault()));
        }
        Block lowStock = prekeeper.block("low-stock", "mark", "announce");
        StockLimits byDefault = Limits.DEFAULT.stock();
        Quotas quotas = new Quotas(
                number(limits, PREKEY_MESSAGES, 1, Quotas.MOST_PREKEY_MESSAGES)
                        .orElse(byDefault.quotas().prekeyMessages()),
                number(limits, DEVICES, 1, Quotas.MOST_DEVICES)
                        .orElse(byDefault.quotas().devices()));
        int publicationBytes = number(
                        limits,
                        PUBLICATION_BYTES,
                        StockLimits.LEAST_PUBLICATION_BYTES,
                        StockLimits.MOST_PUBLICATION_BYTES)
                .orElse(byDefault.publicationBytes());
        int mark = number(lowStock, "mark", 0, Quotas.MOST_PREKEY_MESSAGES).orElse(byDefault.lowMark());
        boolean announce = lowStock.scalar("announce", "true or false", LimitsReader::flag)
                .orElse(Limits.DEFAULT.announceLowStock());
        OptionalInt fragmentLength = number(
                        prekeeper, "fragment-length", Limits.LEAST_FRAGMENT_LENGTH, Limits.MOST_FRAGMENT_LENGTH)
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
        return new Limits(rates, new StockLimits(quotas, publicationBytes, mark), announce, fragmentLength);
    }

    private static Rate rate(Block block, Rate byDefault) {
        return new Rate(
                number(block, "burst", 1, Rate.MOST_BURST).orElse(byDefault.burst()),
                number(block, "per-hour", 1, Rate.MOST_PER_HOUR).orElse(byDefault.perHour()));
    }

    private static Optional<Integer> number(Block block, String name, int least, int most) {
        return block.scalar(
                name, "a number from " + least + " to " + most, written -> Numbers.parse(written, least, most));
    }

    static Optional<Boolean> flag(String written) {
        return switch (written) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
