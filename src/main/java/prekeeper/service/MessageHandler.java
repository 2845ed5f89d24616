package prekeeper.service;

/** Answers messages, whatever carries them. Implementations are thread-safe. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Decides on one message. Never throws for what a peer sent.
     *
     * @param peer who sent it
     * @param request what the carrier says it is
     * @param message the encoded message, already taken out of its armour
     */
    Outcome handle(Peer peer, Request request, byte[] message);
}
