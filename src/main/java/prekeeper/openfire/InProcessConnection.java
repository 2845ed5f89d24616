package prekeeper.openfire;

import java.util.concurrent.atomic.AtomicBoolean;
import org.xmpp.component.Component;
import org.xmpp.component.ComponentException;
import org.xmpp.component.ComponentManager;
import org.xmpp.component.ComponentManagerFactory;
import org.xmpp.packet.Packet;
import prekeeper.xmpp.AdminNotices;
import prekeeper.xmpp.ServerConnection;

/** A component that the XMPP server calls directly. */
final class InProcessConnection implements ServerConnection {
    private final String subdomain;
    private final Component component;
    private final AdminNotices notices;
    private final ComponentManager manager = ComponentManagerFactory.getComponentManager();
    private final AtomicBoolean registered = new AtomicBoolean();

    private InProcessConnection(String subdomain, Component component, AdminNotices notices) {
        this.subdomain = subdomain;
        this.component = component;
        this.notices = notices;
    }

    /** Makes connections of a component whose address is {@code subdomain} and the server's. */
    static Maker to(String subdomain) {
        return (component, notices) -> new InProcessConnection(subdomain, component, notices);
    }

    @Override
    public void start() {
        try {
            manager.addComponent(subdomain, component);
        } catch (ComponentException refused) {
            throw new IllegalStateException(
                    "Openfire does not take a component at " + subdomain + ": " + refused.getMessage(), refused);
        }
        registered.set(true);
        notices.connected(this::send);
    }

    private boolean send(Packet stanza) {
        try {
            manager.sendPacket(component, stanza);
            return true;
        } catch (ComponentException | RuntimeException refused) {
            return false; // it waits for the next start
        }
    }

    @Override
    public boolean isConnected() {
        return registered.get();
    }

    @Override
    public String status() {
        return registered.get() ? "inside Openfire, as " + subdomain : "not registered with Openfire";
    }

    /** What is in flight is answered while Openfire still knows the component. */
    @Override
    public void close() {
        if (registered.getAndSet(false)) {
            component.shutdown();
            try {
                manager.removeComponent(subdomain);
            } catch (ComponentException refused) {
                throw new IllegalStateException("Openfire keeps the component at " + subdomain, refused);
            }
        }
    }
}
