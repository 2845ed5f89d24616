package prekeeper.service;

import java.util.Optional;

/**
 * Who may use the server, and how much of it. Asked once a request, before anything costly is done for it; asking counts as a
 * use. Implementations are thread-safe.
 */
public interface AccessPolicy {
    /** Empty when {@code publisher} may begin a handshake now; else what becomes of its DAKE-1. */
    Optional<Outcome> refuseHandshake(Peer publisher);

    /**
     * Empty when {@code retriever} may have prekeys of {@code owner} now; else what becomes of its query. Must not depend on
     * what is stored, or it would tell.
     *
     * @param owner a prepared account; the empty text when the one that was asked for is no account's name
     */
    Optional<Outcome> refuseRetrieval(Peer retriever, String owner);
}
