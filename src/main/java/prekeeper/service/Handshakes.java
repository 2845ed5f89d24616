package prekeeper.service;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import prekeeper.wire.InstanceTag;

/**
 * The handshakes that wait for their DAKE-3: at most one a device at one address, five minutes at most, and a bounded
 * number in all. Losing one costs a client one retry. Thread-safe.
 */
final class Handshakes {
    static final Duration TIME_LIMIT = Duration.ofMinutes(5);
    static final int MOST = 10_000;

    private record Key(String address, InstanceTag tag) {}

    private final Cache<Key, Handshake> waiting;

    Handshakes(InstantSource clock) {
        waiting = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(TIME_LIMIT)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .executor(Runnable::run)
                .removalListener((Key key, Handshake handshake, RemovalCause cause) -> {
                    boolean takenOut = cause == RemovalCause.EXPLICIT; // then its taker has it and closes it
                    if (handshake != null && !takenOut) {
                        handshake.close();
                    }
                })
                .build();
    }

    /** Waits for the DAKE-3; a handshake that waited already for the same device at the same address is abandoned. */
    void await(String address, Handshake handshake) {
        waiting.put(new Key(address, handshake.tag()), handshake);
    }

    /** Takes a handshake out, so that no second DAKE-3 finds it. The caller closes it. */
    Optional<Handshake> take(String address, InstanceTag tag) {
        return Optional.ofNullable(waiting.asMap().remove(new Key(address, tag)));
    }
}
