package prekeeper.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.dom4j.DocumentException;
import org.dom4j.Element;
import org.dom4j.io.XPPPacketReader;
import org.xmlpull.v1.XmlPullParser;
import org.xmlpull.v1.XmlPullParserException;
import prekeeper.crypto.Bytes;
import prekeeper.wire.Armour;
import prekeeper.wire.MalformedMessageException;

/**
 * As little of an XMPP server as can be between clients and prekey servers: components connect to a loopback port (XEP-0114),
 * as often as they like and with any secret, and clients that are mere addresses send them requests. So nearly all of the
 * processor is left for those that are tested.
 *
 * <p>Thread-safe.
 */
final class ComponentRouter implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int MOST_BYTES = 1 << 20;

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, Link> links = new ConcurrentHashMap<>();
    private final Map<String, Integer> lost = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();

    ComponentRouter() throws IOException {
        start("component-port", this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    boolean isConnected(String component) {
        return links.containsKey(component);
    }

    /** How many publications the component has answered since it connected; 0 when it is not connected. */
    int publications(String component) {
        Link link = links.get(component);
        return link == null ? 0 : link.publications.get();
    }

    /** How many requests have waited in vain for the component's answer, whenever its connection ended. */
    int lost(String component) {
        return lost.getOrDefault(component, 0);
    }

    /**
     * Sends {@code message} to a component and waits for what becomes of it.
     *
     * @param from full JID of the client
     * @param element of the IQ binding, such as {@code dake}
     * @throws IllegalStateException when nothing does although the component stays connected
     */
    Reply request(String from, String component, String element, Bytes message) {
        Link link = links.get(component);
        return link == null ? new Reply.Unsent() : link.request(from, element, message);
    }

    /** Ends all connections and accepts no more. */
    @Override
    public void close() throws IOException {
        listening.close();
        links.values().forEach(Link::hangUp);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Link link = new Link(listening.accept());
                start("component-stream", link::serve);
            } catch (IOException e) {
                // closed: the loop ends; or a component that has gone already
            }
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection of a component. */
    private final class Link {
        private final Socket socket;
        private final OutputStream out;
        private final XPPPacketReader reader = new XPPPacketReader();
        private final Map<String, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();
        private final AtomicInteger publications = new AtomicInteger();
        private String component;
        private volatile boolean over;

        Link(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            out = socket.getOutputStream();
        }

        Reply request(String from, String element, Bytes message) {
            String id = Long.toString(lastId.incrementAndGet());
            CompletableFuture<Reply> reply = new CompletableFuture<>();
            waiting.put(id, reply);
            if (over) { // who set it may have looked before this one waited
                waiting.remove(id);
                return new Reply.Unsent();
            }
            try {
                write("<iq type='set' id='" + id + "' from='" + from + "' to='" + component + "'><" + element
                        + " xmlns='prekeeper:otrv4-prekey:0'>" + Armour.encode(message) + "</" + element + "></iq>");
                return reply.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (IOException e) {
                return new Reply.Lost(); // it may have gone out in spite of that
            } catch (TimeoutException | ExecutionException e) {
                throw new IllegalStateException(component + " does not answer a " + element, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for an answer", e);
            } finally {
                waiting.remove(id);
            }
        }

        void serve() {
            try {
                open();
                for (Element stanza = read(); stanza != null; stanza = read()) {
                    receive(stanza);
                }
            } catch (IOException | XmlPullParserException | DocumentException | MalformedMessageException e) {
                // killed in the middle of it; what matters is that it is over
            } finally {
                over = true;
                hangUp();
                long unanswered = waiting.values().stream()
                        .filter(reply -> reply.complete(new Reply.Lost()))
                        .count();
                if (component != null) {
                    lost.merge(component, (int) unanswered, Integer::sum);
                    links.remove(component, this);
                }
            }
        }

        private void open() throws IOException, XmlPullParserException, DocumentException {
            XmlPullParser parser = reader.getXPPParser();
            parser.setInput(new InputStreamReader(socket.getInputStream(), UTF_8));
            while (parser.getEventType() != XmlPullParser.START_TAG) {
                parser.next();
            }
            component = parser.getAttributeValue("", "to");
            write("<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept'"
                    + " xmlns:stream='http://etherx.jabber.org/streams' from='" + component + "' id='torture'>");
            if (read() != null) { // the handshake
                write("<handshake/>");
                links.put(component, this);
            }
        }

        private Element read() throws IOException, XmlPullParserException, DocumentException {
            return reader.parseDocument().getRootElement();
        }

        private void receive(Element stanza) throws IOException, MalformedMessageException {
            if (component.equals(stanza.attributeValue("to"))) {
                write(stanza.asXML()); // it pings itself to hear whether we are there
                return;
            }
            CompletableFuture<Reply> reply = waiting.get(stanza.attributeValue("id", ""));
            if (reply != null) {
                if (stanza.elements().get(0).getName().equals("publish")) {
                    publications.incrementAndGet();
                }
                reply.complete(reply(stanza));
            }
        }

        private static Reply reply(Element stanza) throws MalformedMessageException {
            if (stanza.attributeValue("type").equals("result")) {
                return new Reply.Result(Armour.decode(stanza.elements().get(0).getText(), MOST_BYTES));
            }
            return new Reply.Refused(stanza.element("error").elements().get(0).getName());
        }

        private synchronized void write(String xml) throws IOException {
            out.write(xml.getBytes(UTF_8));
        }

        void hangUp() {
            try {
                socket.close();
            } catch (IOException e) {
                // over is what it is then
            }
        }
    }
}
