package prekeeper.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A user's stream on a bare socket: for stanzas that no library would send, and for many more of them than one would send
 * without waiting. What comes is given to a listener, on a thread of its own.
 */
final class PlainStream implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket = new Socket();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final InputStream in;
    private final OutputStream out;
    private XMLStreamReader reader;

    /**
     * A stanza that came.
     *
     * @param name such as {@code iq}
     * @param type empty when there is none
     * @param id empty when there is none
     * @param text all that stands in it
     */
    record Heard(String name, String type, String id, String text) {}

    private PlainStream(XmppServer server) throws IOException {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.clientPort()), PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /**
     * Logs {@code account} in, without TLS and without presence: it gets what is sent to its full JID.
     *
     * @param resource as it stands in XML
     * @param listener gets every stanza that comes
     * @throws IOException when the server does not let it in
     */
    static PlainStream login(XmppServer server, Account account, String resource, Consumer<Heard> listener)
            throws IOException {
        PlainStream stream = new PlainStream(server);
        try {
            stream.authenticate(account, resource);
        } catch (IOException | XMLStreamException e) {
            stream.close();
            throw new IOException("could not log in as " + account.jid(), e);
        }
        Thread listening = new Thread(() -> stream.listen(listener), "plain-stream");
        listening.setDaemon(true);
        listening.start();
        return stream;
    }

    private void authenticate(Account account, String resource) throws IOException, XMLStreamException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        open(account);
        String plain = "\0" + account.name() + "\0" + account.password();
        send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
                + Base64.getEncoder().encodeToString(plain.getBytes(UTF_8)) + "</auth>");
        expect("success", "");
        open(account);
        send("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>" + resource
                + "</resource></bind></iq>");
        expect("iq", "result");
        socket.setSoTimeout(0);
    }

    private void open(Account account) throws IOException, XMLStreamException {
        send("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
                + " version='1.0' to='" + account.host() + "'>");
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        reader = factory.createXMLStreamReader(in);
        while (reader.next() != XMLStreamConstants.START_ELEMENT) {
            // until the stream begins
        }
        expect("features", "");
    }

    private void expect(String name, String type) throws IOException, XMLStreamException {
        Heard heard = next();
        if (heard == null || !heard.name().equals(name) || !heard.type().equals(type)) {
            throw new IOException("the server answered with " + heard + " instead of " + name + " " + type);
        }
    }

    /** Sends {@code xml} as it stands; waits when the server takes no more for the moment. */
    void send(String xml) throws IOException {
        out.write(xml.getBytes(UTF_8));
        out.flush();
    }

    /** Whether the server has ended the stream. */
    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // closed is what it is then
        }
    }

    private void listen(Consumer<Heard> listener) {
        try {
            for (Heard heard = next(); heard != null; heard = next()) {
                listener.accept(heard);
            }
        } catch (XMLStreamException e) {
            // the end of the connection, which hasEnded tells
        } finally {
            ended.countDown();
        }
    }

    /** The next stanza; null at the end of the stream. */
    private Heard next() throws XMLStreamException {
        int event;
        while ((event = reader.next()) != XMLStreamConstants.START_ELEMENT) {
            if (event == XMLStreamConstants.END_ELEMENT || event == XMLStreamConstants.END_DOCUMENT) {
                return null;
            }
        }
        String name = reader.getLocalName();
        String type = attribute("type");
        String id = attribute("id");
        StringBuilder text = new StringBuilder();
        for (int depth = 1; depth > 0; ) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> depth++;
                case XMLStreamConstants.END_ELEMENT -> depth--;
                case XMLStreamConstants.CHARACTERS -> text.append(reader.getText());
                default -> {} // neither comments nor instructions are for us
            }
        }
        return new Heard(name, type, id, text.toString());
    }

    private String attribute(String name) {
        String value = reader.getAttributeValue(null, name);
        return value == null ? "" : value;
    }
}
