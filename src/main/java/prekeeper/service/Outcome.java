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
     * Authenticated but refused: the protocol answers with a Failure message and no detail. Nothing was stored, unless it is
     * the store that gave no answer: then nobody knows, and publishing again does no harm.
     *
     * @param message the encoded Failure message
     */
    record Failed(Bytes message, Refusal why) implements Outcome {}

    /** Not authenticated: no protocol answer at all; a carrier that has errors may send one. */
    record Ignored(Refusal why) implements Outcome {}
}
