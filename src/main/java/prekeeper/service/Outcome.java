package prekeeper.service;

import prekeeper.crypto.Bytes;

/** What becomes of a request. */
public sealed interface Outcome {
    /**
     * The answer that the protocol has.
     *
     * @param message the encoded answer
     */
    record Reply(Bytes message) implements Outcome {}

    /**
     * Authenticated but refused, and nothing was stored: the protocol answers with a Failure message and no detail.
     *
     * @param message the encoded Failure message
     */
    record Failed(Bytes message, Refusal why) implements Outcome {}

    /** Not authenticated: no protocol answer at all; a carrier that has errors may send one. */
    record Ignored(Refusal why) implements Outcome {}
}
