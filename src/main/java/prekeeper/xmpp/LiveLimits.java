package prekeeper.xmpp;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import prekeeper.service.StockLimits;

/** The limits in force. They come from the configuration, and an administrator may change them until the next start. Thread-safe. */
public final class LiveLimits {
    private final Map<RateLimit, LongAdder> hits = new EnumMap<>(RateLimit.class);
    private volatile Limits current;

    public LiveLimits(Limits configured) {
        current = configured;
        for (RateLimit limit : RateLimit.values()) {
            hits.put(limit, new LongAdder());
        }
    }

    public Limits current() {
        return current;
    }

    /** Puts other limits in force; who has used a changed rate before begins anew. */
    public void change(Limits limits) {
        current = limits;
    }

    /** How often somebody was over a limit, since the start. */
    public long hits(RateLimit limit) {
        return hits.get(limit).sum();
    }

    void hit(RateLimit limit) {
        hits.get(limit).increment();
    }

    /** The part that the service needs. */
    public StockLimits stock() {
        return current.stock();
    }
}
