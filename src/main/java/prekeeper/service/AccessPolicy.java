package prekeeper.service;

/** Who may use the server. Asked once a request, before anything costly is done for it. Implementations are thread-safe. */
public interface AccessPolicy {
    boolean mayPublish(Peer peer);

    boolean mayRetrieve(Peer peer);
}
