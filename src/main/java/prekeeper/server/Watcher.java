package prekeeper.server;

import java.util.Optional;
import java.util.function.Function;
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

    /** How administrators have the configuration read again; empty where there is none to read. */
    default Optional<Rereading> rereading() {
        return Optional.empty();
    }

    /** Reads a configuration again. */
    interface Rereading {
        /**
         * Reads it and has it put in force.
         *
         * @param inForce puts what it can in force
         * @return a sentence that says what came of it
         * @throws prekeeper.xmpp.InvalidInputException when the configuration is wrong; nothing has changed then
         */
        String reread(Function<Settings, Reload> inForce);
    }
}
