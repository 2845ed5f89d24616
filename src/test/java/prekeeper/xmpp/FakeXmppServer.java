package prekeeper.xmpp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * Speaks as much XEP-0114 as its test makes it speak, on a loopback port that can be closed and opened again. The test
 * plays the server's part itself: what it awaits and does not come within ten seconds fails it.
 */
final class FakeXmppServer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(10).toMillis();
    private static final String STREAM_ID = "id-4711";

    private ServerSocket listening;
    private final int port;
    private Socket peer;
    private Socket earlier;
    private final StringBuilder heard = new StringBuilder();

    FakeXmppServer() throws IOException {
        listen(0);
        port = listening.getLocalPort();
    }

    int port() {
        return port;
    }

    private void listen(int wanted) throws IOException {
        listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
        listening.setSoTimeout(PATIENCE_MILLIS);
    }

    /** As a server that starts again. */
    void listenAgain() throws IOException {
        listen(port);
    }

    /** As a server that is killed: its port and its connections go without a word. */
    void die() throws IOException {
        listening.close();
        hangUp();
    }

    void hangUp() throws IOException {
        for (Socket socket : new Socket[] {peer, earlier}) {
            if (socket != null && !socket.isClosed()) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        }
    }

    /** As a server whose process ends and whose kernel closes its connections. */
    void hangUpPolitely() throws IOException {
        peer.close();
    }

    void acceptConnection() throws IOException {
        earlier = peer;
        peer = listening.accept();
        peer.setSoTimeout(PATIENCE_MILLIS);
        heard.setLength(0);
    }

    /** Accepts a component up to its handshake, and says whether it knows {@code secret}. */
    boolean acceptComponent(String secret) throws IOException {
        acceptConnection();
        greet();
        return hear("</handshake>").equals("<handshake>" + sha1(STREAM_ID + secret) + "</handshake>");
    }

    /** The beginning of both streams. */
    void greet() throws IOException {
        hear("to='prekey.example.org'>");
        say("<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept'"
                + " xmlns:stream='http://etherx.jabber.org/streams' from='prekey.example.org' id='" + STREAM_ID + "'>");
    }

    void refuse(String condition) throws IOException {
        say("<stream:error><" + condition + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                + "</stream:stream>");
    }

    /** The whole opening, with the right secret. */
    void welcome(String secret) throws IOException {
        if (!acceptComponent(secret)) {
            throw new IOException("the component does not know the secret");
        }
        say("<handshake/>");
    }

    void say(String xml) throws IOException {
        peer.getOutputStream().write(xml.getBytes(UTF_8));
    }

    /** Says {@code xml} again and again until the connection ends, and hears nothing; returns at once. */
    void flood(String xml) {
        Socket flooded = peer;
        Thread flood = new Thread(
                () -> {
                    try {
                        while (true) {
                            flooded.getOutputStream().write(xml.repeat(100).getBytes(UTF_8));
                        }
                    } catch (IOException e) {
                        // what it waits for
                    }
                },
                "flood");
        flood.setDaemon(true);
        flood.start();
    }

    /** What the component says up to and with {@code end}. */
    String hear(String end) throws IOException {
        InputStream in = peer.getInputStream();
        while (heard.indexOf(end, Math.max(0, heard.length() - end.length())) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the component went after: " + heard);
            }
            heard.append((char) next);
        }
        String said = heard.toString();
        heard.setLength(0);
        return said;
    }

    /** Waits until the component has closed its connection, whatever it says before. */
    void awaitEnd() throws IOException {
        try {
            peer.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketException e) {
            // reset: an end too
        }
    }

    /** Whether the connection before this one is as it was: neither ended nor reset, whatever came. */
    boolean earlierIsOpen() throws IOException {
        earlier.setSoTimeout(100);
        try {
            earlier.getInputStream().transferTo(OutputStream.nullOutputStream());
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (SocketException e) {
            return false;
        }
    }

    /** Waits until the component resets the connection before this one. That it ends it is not enough. */
    void awaitResetOfEarlier() throws IOException {
        earlier.setSoTimeout(PATIENCE_MILLIS);
        try {
            earlier.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketException e) {
            return;
        }
        throw new IOException("the component closed it, which a network that was cut does not tell at once");
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        die();
    }
}
