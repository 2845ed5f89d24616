package prekeeper.client.smack;

import java.time.Duration;

/** How long an answer may take (docs/protocol.md, "Business rules"). */
final class Patience {
    /** What silence means something after. */
    static final Duration LEAST = Duration.ofMinutes(1);

    /** Servers slow clients down: ejabberd's default shaper passes on some 4,400 characters a second. Half of that. */
    private static final int CHARS_PER_SECOND = 2_000;

    private Patience() {}

    /**
     * How long to wait for the answer to a request of {@code characters}, which wait in front of a shaper first.
     *
     * @param replyTimeout what the application gives every request
     */
    static Duration with(int characters, Duration replyTimeout) {
        Duration base = replyTimeout.compareTo(LEAST) < 0 ? LEAST : replyTimeout;
        return base.plus(Duration.ofSeconds(characters).dividedBy(CHARS_PER_SECOND));
    }
}
