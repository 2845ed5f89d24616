package prekeeper.service;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import prekeeper.crypto.Bytes;

/** What becomes of a request. */
public sealed interface Outcome {
    /**
     * The answer that the protocol has.
     *
     * @param message the encoded answer
     * @param lowStock devices that this request left with few prekey messages; their owners may be told
     * @param expires when the first profile in it expires, from when on nobody may get it any more; {@link Instant#MAX} without any
     */
    record Reply(Bytes message, List<LowStock> lowStock, Instant expires) implements Outcome {
        public Reply {
            lowStock = List.copyOf(lowStock);
        }

        public Reply(Bytes message) {
            this(message, List.of(), Instant.MAX);
        }
    }

    /**
     * Authenticated but refused: the protocol answers with a Failure message and no detail. Nothing was stored, unless it is
     * the store that gave no answer: then nobody knows, and publishing again does no harm.
     *
     * @param message the encoded Failure message
     */
    record Failed(Bytes message, Refusal why) implements Outcome {}

    /** Not authenticated: no protocol answer at all; a carrier that has errors may send one. */
    record Ignored(Refusal why) implements Outcome {}

    /**
     * Over a limit, and not looked at: no protocol answer, which could be used to flood others; a carrier that has errors
     * may send one.
     *
     * @param retry when the same request is worth another try
     */
    record Later(Duration retry) implements Outcome {}
}
