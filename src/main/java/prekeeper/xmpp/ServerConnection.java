package prekeeper.xmpp;

import org.xmpp.component.Component;

/** How a component and its XMPP server meet: over the network, or in one process. Thread-safe. */
public interface ServerConnection extends AutoCloseable {

    /** Starts the component and returns; to be called once. */
    void start();

    /** Whether the XMPP server has the component and, as far as is known, is there. */
    boolean isConnected();

    /** How it stands, in words for administrators. */
    String status();

    /** Ends the component: what is in flight is answered first, within some seconds. Again does nothing. */
    @Override
    void close();

    /** Makes a connection. */
    interface Maker {
        /**
         * Prepares a connection; nothing happens before {@link #start}.
         *
         * @param notices are told when stanzas can be sent
         */
        ServerConnection make(Component component, AdminNotices notices);
    }
}
