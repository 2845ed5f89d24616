package prekeeper.xmpp;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import prekeeper.crypto.Bytes;
import prekeeper.service.Outcome;
import prekeeper.service.Peer;
import prekeeper.service.Refusal;

/**
 * Remembers what queries with an id were answered, so that one whose answer was lost is repeated without taking another prekey
 * message (docs/protocol.md, "Retrieving"): to the same account, for the same query, for ten minutes or until a profile in the
 * answer expires, in bounded memory. Thread-safe.
 */
final class RepeatedQueries {
    static final Duration TIME_LIMIT = Duration.ofMinutes(10);
    static final int MOST_BYTES = 8_000_000;
    private static final int ENTRY_OVERHEAD_BYTES = 500;
    private static final Outcome UNANSWERED = new Outcome.Ignored(Refusal.STORE_UNAVAILABLE);

    private final AsyncCache<Asked, Outcome> answers;

    /** The whole query stands in it: an id that is used again for another one is another one's. */
    private record Asked(String account, String id, Bytes query) {
        int size() {
            return 2 * (account.length() + id.length()) + query.length() + ENTRY_OVERHEAD_BYTES;
        }
    }

    RepeatedQueries(InstantSource clock) {
        answers = Caffeine.newBuilder()
                .maximumWeight(MOST_BYTES)
                .weigher(RepeatedQueries::size)
                .expireAfter(Expiry.creating((Asked asked, Outcome outcome) -> life(outcome, clock.instant())))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .executor(Runnable::run)
                .buildAsync();
    }

    private static Duration life(Outcome outcome, Instant now) {
        Instant end = now.plus(TIME_LIMIT);
        if (outcome instanceof Outcome.Reply reply && reply.expires().isBefore(end)) {
            end = reply.expires();
        }
        return Duration.between(now, end);
    }

    private static int size(Asked asked, Outcome outcome) {
        return asked.size()
                + (outcome instanceof Outcome.Reply reply ? reply.message().length() : 0);
    }

    /** What was answered before, or what {@code answer} gives; only replies are remembered. One that is asked while the first is at work waits for it. */
    Outcome answer(Peer requester, String id, Bytes query, Supplier<Outcome> answer) {
        Asked asked = new Asked(requester.account(), id, query);
        CompletableFuture<Outcome> ours = new CompletableFuture<>();
        CompletableFuture<Outcome> first = answers.asMap().putIfAbsent(asked, ours);
        if (first != null) {
            return first.join();
        }
        Outcome outcome = UNANSWERED; // should it fail: then who waits for it may try again
        try {
            outcome = answer.get();
            return outcome;
        } finally {
            if (!(outcome instanceof Outcome.Reply)) {
                answers.asMap().remove(asked, ours);
            }
            ours.complete(outcome);
        }
    }
}
