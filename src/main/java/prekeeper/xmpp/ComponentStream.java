package prekeeper.xmpp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.dom4j.DocumentException;
import org.dom4j.Element;
import org.dom4j.io.XPPPacketReader;
import org.xmlpull.mxp1.MXParser;
import org.xmlpull.v1.XmlPullParser;
import org.xmlpull.v1.XmlPullParserException;
import org.xmlpull.v1.XmlPullParserFactory;
import prekeeper.wire.ClientMessage;

/**
 * One stream of a component to its server (XEP-0114), from opening to its end; then another is made.
 *
 * <p>Reads with whack's packet reader, which gets no more of a stanza than {@link StanzaBound} lets through. Whack's own {@code ExternalComponent} can not be had to notice the end of a stream
 * ({@code </stream:stream>} ends its reading thread without a word), waits for a handshake for ever, lets nobody close its socket
 * while it is stuck, and logs a stanza that it could not send.
 *
 * <p>{@link #open} and {@link #read} are for one thread; the other methods are for any.
 */
final class ComponentStream implements AutoCloseable {
    /** Longest wait for whoever is writing before the socket is closed under it. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    /** The longest message that has an answer, in base64, and as much again as stands around it in an honest stanza. */
    static final int MOST_STANZA_CHARS = 4 * ((ClientMessage.MOST_BYTES + 2) / 3) + 20_000;

    private final ConnectionSettings settings;
    private final Socket socket = new Socket();
    private final XPPPacketReader reader = new XPPPacketReader(new ForgetfulFactory());
    private final ReentrantLock writing = new ReentrantLock();
    private OutputStream out;
    private volatile long heardAt = System.nanoTime();
    private volatile boolean silent;

    ComponentStream(ConnectionSettings settings) {
        this.settings = settings;
        reader.setXPPFactory(parsers());
    }

    /** Of the parser that keeps no names: the usual one keeps all, and takes the longer for each new one the more it has. */
    private static XmlPullParserFactory parsers() {
        try {
            XmlPullParserFactory parsers = XmlPullParserFactory.newInstance(MXParser.class.getName(), null);
            parsers.setNamespaceAware(true);
            return parsers;
        } catch (XmlPullParserException e) {
            throw new IllegalStateException("the parser is part of this program", e);
        }
    }

    /**
     * Connects and authenticates.
     *
     * @param patience for the connection, and again for each piece of the server's answer
     * @throws StreamErrorException when the server refuses us
     */
    void open(Duration patience) throws IOException {
        int patienceMillis = Math.toIntExact(patience.toMillis());
        socket.connect(new InetSocketAddress(settings.host(), settings.port()), patienceMillis);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(patienceMillis);
        out = socket.getOutputStream();
        write("<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='"
                + settings.jid() + "'>");
        write("<handshake>" + proof(readStreamId()) + "</handshake>");
        if (readElement() == null) {
            throw new IOException("it ended the stream before it answered the handshake");
        }
        socket.setSoTimeout(0); // silence is noticed by keepAlive, which does not interrupt the parser
    }

    /**
     * Gives every stanza to {@code stanzas} until the server ends the stream properly.
     *
     * @throws StreamErrorException when the server ends it with an error
     * @throws IOException when the connection breaks, is closed or went silent, or what comes is no XML
     */
    void read(Consumer<Element> stanzas) throws IOException {
        for (Element stanza = readElement(); stanza != null; stanza = readElement()) {
            stanzas.accept(stanza);
        }
    }

    /** Sends one stanza; when that fails the stream is over, and {@link #read} ends too. */
    void send(Element stanza) throws IOException {
        write(stanza.asXML());
    }

    /**
     * Looks whether the server is still there: after {@code silence} sends a stanza that the server must bring back to us, after
     * twice as long closes the connection. To be called a few times every {@code silence}.
     */
    void keepAlive(Duration silence) {
        Duration quiet = Duration.ofNanos(System.nanoTime() - heardAt);
        if (quiet.compareTo(silence.multipliedBy(2)) >= 0) {
            silent = true;
            closeSocket();
        } else if (quiet.compareTo(silence) >= 0 && writing.tryLock()) { // whoever writes just now is as good a probe
            try {
                write("<iq type='get' id='keepalive' from='" + settings.jid() + "' to='" + settings.jid()
                        + "'><ping xmlns='urn:xmpp:ping'/></iq>");
            } catch (IOException e) {
                closeSocket();
            } finally {
                writing.unlock();
            }
        }
    }

    /** Ends the stream as it should be where that is possible at once, and the connection in any case. */
    @Override
    public void close() {
        boolean locked = false;
        try {
            locked = writing.tryLock(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
            if (locked && out != null && !socket.isClosed()) {
                write("</stream:stream>");
            }
        } catch (IOException e) {
            // it was over already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (locked) {
                writing.unlock();
            }
            closeSocket();
        }
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            // closed is what it is then
        }
    }

    private void write(String xml) throws IOException {
        byte[] bytes = xml.getBytes(UTF_8);
        writing.lock();
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            closeSocket();
            throw e;
        } finally {
            writing.unlock();
        }
    }

    private String readStreamId() throws IOException {
        try {
            XmlPullParser parser = reader.getXPPParser();
            parser.setInput(new StanzaBound(
                    new InputStreamReader(new Heard(socket.getInputStream()), UTF_8), MOST_STANZA_CHARS));
            while (parser.getEventType() != XmlPullParser.START_TAG) {
                parser.next();
            }
            String id = parser.getAttributeValue("", "id");
            if (!parser.getName().equals("stream") || id == null) {
                throw new IOException("what answers there is no XMPP component port");
            }
            return id;
        } catch (XmlPullParserException e) {
            throw new IOException("what answers there is no XMPP component port", e);
        } catch (EOFException e) {
            throw new IOException("it closed the connection");
        } catch (SocketTimeoutException e) {
            throw tooSlow(e);
        }
    }

    /** The next element of the stream, or null at its end. */
    private Element readElement() throws IOException {
        try {
            Element element = reader.parseDocument().getRootElement();
            if (element != null && element.getName().equals("error")) {
                throw new StreamErrorException(
                        element.elements().isEmpty()
                                ? "undefined-condition"
                                : element.elements().get(0).getName());
            }
            return element;
        } catch (SocketTimeoutException e) {
            throw tooSlow(e);
        } catch (XmlPullParserException | DocumentException e) {
            throw new IOException("it sent what is no XML stream", e);
        } catch (EOFException e) {
            // the parser's words quote the last stanzas
            throw new IOException("it closed the connection");
        } catch (StreamErrorException e) {
            throw e;
        } catch (IOException e) {
            throw silent ? new IOException("it went silent", e) : e;
        }
    }

    private static IOException tooSlow(SocketTimeoutException e) {
        return new IOException("it accepts connections but does not answer", e);
    }

    /** XEP-0114, 3: the SHA-1 of stream id and secret shows that we know the secret. */
    private String proof(String streamId) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(sha1.digest((streamId + settings.secret()).getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /** Remembers when the server was last heard, white space included. */
    private final class Heard extends FilterInputStream {
        Heard(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            heardAt = System.nanoTime();
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            heardAt = System.nanoTime();
            return count;
        }
    }
}
