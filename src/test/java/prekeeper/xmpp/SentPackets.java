package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.xmpp.component.Component;
import org.xmpp.component.ComponentException;
import org.xmpp.packet.IQ;
import org.xmpp.packet.Packet;

/** Starts a component without a server, and collects what it sends. */
final class SentPackets implements AutoCloseable {
    private final BlockingQueue<Packet> sent = new LinkedBlockingQueue<>();
    private final Component component;

    SentPackets(Component component) throws ComponentException {
        this.component = component;
        component.initialize(Stanzas.COMPONENT, new StreamManager(sent::add));
        component.start();
    }

    Packet next() throws InterruptedException {
        Packet packet = sent.poll(10, TimeUnit.SECONDS);
        assertNotNull(packet, "nothing was sent");
        return packet;
    }

    IQ nextIq() throws InterruptedException {
        return (IQ) next();
    }

    /** To be called when everything was answered that will be. */
    void assertNoMore() {
        assertNull(sent.poll());
    }

    @Override
    public void close() {
        component.shutdown();
    }
}
