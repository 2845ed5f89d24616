package prekeeper.it;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An XMPP server of our own on free loopback ports: two hosts that reach each other, so that strangers can be played, and
 * one component below the first. No TLS, no s2s, nothing of the system's server is read or written.
 */
public abstract class XmppServer implements AutoCloseable {
    /** The host that the component serves. */
    public static final String HOST = "example.org";

    /** A host whose users are strangers to the component's publishers. */
    public static final String OTHER_HOST = "example.net";

    /** The JID that a prekey server connects as. */
    public static final String COMPONENT = "prekey." + HOST;

    /** Another JID that it can connect as, below neither host: no host lists it. */
    static final String UNLISTED_COMPONENT = "prekey.example.com";

    /** What servers that are started lenient take of one stanza. */
    static final int LENIENT_STANZA_BYTES = 20_000_000;

    private static final Duration START = Duration.ofSeconds(60);

    private final Scratch scratch;
    private final String program;
    private final int clientPort;
    private final int componentPort;
    private final String componentSecret = newSecret();
    private ChildProcess process;

    /** One that runs in {@code scratch} and logs to {@code PROGRAM.log} there. */
    XmppServer(Scratch scratch, String program) throws IOException {
        this.scratch = scratch;
        this.program = program;
        List<Integer> ports = freePorts(2);
        clientPort = ports.get(0);
        componentPort = ports.get(1);
    }

    /** What starts it in the foreground; whatever it needs is there already. */
    abstract List<String> command();

    /** Whether users and components can connect. */
    abstract boolean isReady();

    /** Opens an account while the server runs. */
    abstract void add(Account account) throws IOException;

    public final int clientPort() {
        return clientPort;
    }

    public final int componentPort() {
        return componentPort;
    }

    /** What a prekey server proves to be the component with. */
    public final String componentSecret() {
        return componentSecret;
    }

    /** Starts it and waits until it serves; after {@link #stop()} or {@link #kill()} on the same ports with the same accounts. */
    public void start() throws IOException {
        process = scratch.start(program, command());
        process.await("open ports", START, this::isReady);
    }

    /** Ends it by SIGTERM: streams are closed politely. */
    public final void stop() {
        process.stop();
    }

    /** Ends it by SIGKILL: connections break. */
    public final void kill() {
        process.kill();
    }

    public final void restart() throws IOException {
        stop();
        start();
    }

    public final boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Opens the account {@code name@host}, with a password that is hard to guess for others on this machine; the server
     * runs.
     *
     * @param name of a to z and digits, new at this host
     */
    public final Account register(String name, String host) throws IOException {
        if (!name.matches("[a-z0-9]+")) {
            throw new IllegalArgumentException("'" + name + "' needs escaping; use a to z and digits");
        }
        Account account = new Account(name, host, newSecret());
        add(account);
        return account;
    }

    /** All that it has logged, over all starts. */
    public final String log() {
        return process.log();
    }

    /** Where that is and how it ends, to be added to a sentence. */
    final String logTail() {
        return process.logTail();
    }

    @Override
    public final void close() {
        stop();
    }

    private static String newSecret() {
        return new BigInteger(100, new SecureRandom()).toString(Character.MAX_RADIX);
    }

    /** The folder of this server's data; it exists when the server is started. */
    final Path folder() {
        return scratch.folder().resolve(program);
    }

    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** Ports that are free now, all different because they are held together. */
    static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }
}
