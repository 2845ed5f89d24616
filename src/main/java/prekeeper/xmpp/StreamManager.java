package prekeeper.xmpp;

import java.util.function.Consumer;
import org.xmpp.component.Component;
import org.xmpp.component.ComponentManager;
import org.xmpp.component.IQResultListener;
import org.xmpp.packet.IQ;
import org.xmpp.packet.Packet;

/** What a tinder component wants of its server, as far as one component on one stream needs it: a way out for stanzas. */
final class StreamManager implements ComponentManager {
    private final Consumer<Packet> out;

    StreamManager(Consumer<Packet> out) {
        this.out = out;
    }

    @Override
    public void sendPacket(Component component, Packet packet) {
        out.accept(packet);
    }

    @Override
    public boolean isExternalMode() {
        return true;
    }

    /** Not known: XEP-0114 does not tell it. */
    @Override
    public String getServerName() {
        return null;
    }

    @Override
    public String getProperty(String name) {
        return null;
    }

    @Override
    public void setProperty(String name, String value) {
        throw new UnsupportedOperationException("properties are kept by the configuration");
    }

    @Override
    public void addComponent(String subdomain, Component component) {
        throw new UnsupportedOperationException("one component, one stream");
    }

    @Override
    public void removeComponent(String subdomain) {
        throw new UnsupportedOperationException("one component, one stream");
    }

    @Override
    public IQ query(Component component, IQ packet, long timeout) {
        throw new UnsupportedOperationException("the component asks nothing");
    }

    @Override
    public void query(Component component, IQ packet, IQResultListener listener) {
        throw new UnsupportedOperationException("the component asks nothing");
    }
}
