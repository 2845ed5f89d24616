package prekeeper.xmpp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
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
 * <p>Reads with whack's packet reader, which gets no more of a stanza than {@link StanzaBound} lets through. Whack's own
 * {@code ExternalComponent} can not be had to notice the end of a stream ({@code </stream:stream>} ends its reading thread without
 * a word), waits for a handshake for ever, lets nobody close its socket while it is stuck, and logs a stanza that it could not
 * send.
 *
 * <p>A server that is silent too long ends {@link #authenticate} or {@link #read}, but not the connection: what says so to the
 * server would be lost in a network that is cut, and the server would go on taking our name for connected. Its owner keeps
 * such a stream ({@link #isUnfinished}) and {@link #reset}s it when the network works again.
 *
 * <p>{@link #connect}, {@link #authenticate} and {@link #read} are for one thread; the other methods are for any.
 */
final class ComponentStream implements AutoCloseable {
    /** Longest wait for whoever reads or writes before something is done over its head. */
    static final Duration FAREWELL = Duration.ofSeconds(1);

    /** The longest message that has an answer, in base64, and room for what stands around it in an honest stanza. */
    static final int MOST_STANZA_CHARS = 4 * ((ClientMessage.MOST_BYTES + 2) / 3) + 20_000;

    /** What the system may hold for a server that is slow to read: every answer waits behind it. */
    private static final int MOST_UNSENT_BYTES = 64 * 1024;

    private static final Duration LONGEST_READ = Duration.ofSeconds(1);

    /** Longest wait for what has come to be read, should it never end. */
    private static final Duration CATCHING_UP = Duration.ofSeconds(3);

    /** Nothing has come for so long: what was sent before has been read, also what waited for room in the buffers of TCP. */
    private static final Duration LULL = Duration.ofMillis(100);

    private final ConnectionSettings settings;
    private final Pace pace;
    private final Socket socket = new Socket();
    private final XPPPacketReader reader = new XPPPacketReader(new ForgetfulFactory());
    private final ReentrantLock writing = new ReentrantLock();
    private OutputStream out;
    private String streamId;
    private volatile long heardAt = System.nanoTime();
    private volatile boolean accepted;
    /** Whether whoever reads waits for more. */
    private volatile boolean waiting;

    /** Whether somebody writes, and since when. */
    private volatile boolean inWrite;

    private volatile long writesSince;
    private volatile boolean silent;
    private volatile boolean introduced;
    /** Whether our side of it has ended; guarded by {@link #writing}. */
    private boolean ended;

    /** Whether the server was asked for a sign of life since it was heard, and when. */
    private boolean asked;

    private long askedAt;

    ComponentStream(ConnectionSettings settings, Pace pace) {
        this.settings = settings;
        this.pace = pace;
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

    /** Connects to {@code host}, and returns when the server has answered: until {@link #authenticate} it knows nothing of us. */
    void connect(InetAddress host) throws IOException {
        socket.setSendBufferSize(MOST_UNSENT_BYTES);
        socket.connect(new InetSocketAddress(host, settings.port()), millis(pace.connecting()));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(millis(pace.handshake()));
        out = socket.getOutputStream();
        write("<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='"
                + settings.jid() + "'>");
        streamId = readStreamId();
    }

    /**
     * Shows that we know the secret.
     *
     * @throws StreamErrorException when the server refuses us
     */
    void authenticate() throws IOException {
        introduced = true;
        write("<handshake>" + proof(streamId) + "</handshake>");
        if (readElement() == null) {
            throw new IOException("it ended the stream before it answered the handshake");
        }
        Duration read = pace.silence().dividedBy(8);
        socket.setSoTimeout(millis(read.compareTo(LONGEST_READ) < 0 ? read : LONGEST_READ));
        accepted = true;
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
     * Closes the connection when whoever reads is stuck elsewhere for so long that, reading, it would have given up, or when the
     * server has read nothing for as long.
     */
    void closeIfStuck() {
        Duration patience = pace.silence().multipliedBy(5).dividedBy(2);
        boolean reading = waiting || since(heardAt).compareTo(patience) < 0;
        boolean heeded = !inWrite || since(writesSince).compareTo(patience) < 0;
        if (!reading || !heeded) {
            silent = true;
            closeSocket();
        }
    }

    /** Whether it ended by the server's silence, and the server may take it for connected still. */
    boolean isUnfinished() {
        return silent && introduced;
    }

    /** Closes the connection in such a way that the server knows at once, whatever is still on its way. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // closed already
        }
        closeSocket();
    }

    /**
     * Ends our side of the stream as soon as what has come is read: nothing is sent any more. The server then ends its side, and
     * {@link #read} returns. What the server sends before it knows is lost, for a stream that has ended can not refuse it.
     */
    void end() {
        try {
            long deadline = System.nanoTime() + CATCHING_UP.toNanos();
            while (!isAllRead() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            sayEnd();
        } catch (IOException e) {
            // it was over already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isAllRead() throws IOException {
        return waiting
                && socket.getInputStream().available() == 0
                && since(heardAt).compareTo(LULL) >= 0;
    }

    /** Ends the stream as it should be where that is possible at once, and the connection in any case. */
    @Override
    public void close() {
        try {
            if (!silent && !socket.isClosed()) {
                sayEnd();
            }
        } catch (IOException e) {
            // it was over already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeSocket();
        }
    }

    private void sayEnd() throws IOException, InterruptedException {
        if (writing.tryLock(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                if (!ended && out != null) {
                    write("</stream:stream>");
                    ended = true;
                }
            } finally {
                writing.unlock();
            }
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
            if (ended) {
                throw new IOException("the stream has ended");
            }
            writeOrClose(bytes);
        } finally {
            writing.unlock();
        }
    }

    private void writeOrClose(byte[] bytes) throws IOException {
        writesSince = System.nanoTime();
        inWrite = true;
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            closeSocket();
            throw e;
        } finally {
            inWrite = false;
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
        } catch (XmlPullParserException | DocumentException e) {
            throw new IOException("it sent what is no XML stream", e);
        } catch (EOFException e) {
            // the parser's words quote the last stanzas
            throw new IOException("it closed the connection");
        } catch (StreamErrorException e) {
            throw e;
        } catch (IOException e) {
            throw silent && accepted ? new IOException("it went silent", e) : e;
        }
    }

    private static Duration since(long then) {
        return Duration.ofNanos(System.nanoTime() - then);
    }

    /** Nothing has come for a while: asks for a sign of life, once, or ends the reading when none has come of that. */
    private void missTheServer() throws IOException {
        if (asked && since(askedAt).compareTo(pace.silence()) >= 0) {
            silent = true;
            throw new IOException("it went silent");
        }
        if (!asked && since(heardAt).compareTo(pace.silence()) >= 0) {
            asked = true;
            askedAt = System.nanoTime();
            if (writing.tryLock()) { // whoever writes just now asks as well
                try {
                    write("<iq type='get' id='keepalive' from='" + settings.jid() + "' to='" + settings.jid()
                            + "'><ping xmlns='urn:xmpp:ping'/></iq>");
                } finally {
                    writing.unlock();
                }
            }
        }
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
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

    /** Remembers when the server was last heard, white space included, and looks after a server that is not. */
    private final class Heard extends FilterInputStream {
        Heard(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            while (true) {
                waiting = true;
                try {
                    int count = super.read(buffer, offset, length);
                    heardAt = System.nanoTime();
                    asked = false;
                    return count;
                } catch (SocketTimeoutException e) {
                    if (!accepted) {
                        silent = true;
                        throw new IOException("it accepts connections but does not answer", e);
                    }
                    missTheServer();
                } finally {
                    waiting = false;
                }
            }
        }
    }
}
