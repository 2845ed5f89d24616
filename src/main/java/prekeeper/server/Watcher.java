package prekeeper.server;

import prekeeper.store.Inventory;
import prekeeper.store.PrekeyStore;

/** Who looks at parts of a server while it starts. Does nothing by itself. */
public interface Watcher {

    /** Looks at nothing. */
    Watcher NOBODY = new Watcher() {};

    /** The store is open, and nobody was told yet that the server is. */
    default void opened(Inventory inventory) {}

    /** The store that requests are served from: {@code store}, or something before it. */
    default PrekeyStore store(PrekeyStore store) {
        return store;
    }
}
