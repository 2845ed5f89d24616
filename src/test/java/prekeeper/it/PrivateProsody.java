package prekeeper.it;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A Prosody of our own on free loopback ports: two hosts that reach each other, so that strangers can be played, and one
 * component below the first. No TLS, no s2s, nothing of the system's Prosody is read or written.
 */
public final class PrivateProsody implements AutoCloseable {
    /** The host that the component serves. */
    public static final String HOST = "example.org";

    /** A host whose users are strangers to the component's publishers. */
    public static final String OTHER_HOST = "example.net";

    /** The JID that a prekey server connects as. */
    public static final String COMPONENT = "prekey." + HOST;

    private static final Duration START = Duration.ofSeconds(20);

    private final Scratch scratch;
    private final Path data;
    private final Path configuration;
    private final int clientPort;
    private final int componentPort;
    private final String componentSecret = newPassword();
    private ChildProcess process;

    private PrivateProsody(Scratch scratch) throws IOException {
        this.scratch = scratch;
        data = Files.createDirectories(scratch.folder().resolve("prosody"));
        configuration = scratch.folder().resolve("prosody.cfg.lua");
        List<Integer> ports = freePorts(2);
        clientPort = ports.get(0);
        componentPort = ports.get(1);
        Files.writeString(configuration, configuration());
    }

    /** Starts one in {@code scratch} and waits until both ports answer. */
    public static PrivateProsody start(Scratch scratch) throws IOException {
        PrivateProsody prosody = new PrivateProsody(scratch);
        prosody.start();
        return prosody;
    }

    public int clientPort() {
        return clientPort;
    }

    public int componentPort() {
        return componentPort;
    }

    /** What a prekey server proves to be the component with. */
    public String componentSecret() {
        return componentSecret;
    }

    /** A password that {@link #register} takes, hard to guess for others on this machine. */
    public static String newPassword() {
        return new BigInteger(100, new SecureRandom()).toString(Character.MAX_RADIX);
    }

    /** Starts it again, on the same ports with the same accounts, after {@link #stop()} or {@link #kill()}. */
    public void start() throws IOException {
        process = scratch.start("prosody", List.of("prosody", "-F", "--config", configuration.toString()));
        process.await("open ports", START, () -> answers(clientPort) && answers(componentPort));
    }

    /** Ends it by SIGTERM: streams are closed politely. */
    public void stop() {
        process.stop();
    }

    /** Ends it by SIGKILL: connections break. */
    public void kill() {
        process.kill();
    }

    public void restart() throws IOException {
        stop();
        start();
    }

    /** Adds the account {@code name@host}; works while it runs. */
    public void register(String name, String host, String password) throws IOException {
        requirePlain(name);
        requirePlain(password);
        // the layout of Prosody's internal storage; starting prosodyctl costs half a second an account
        Path account =
                data.resolve(host.replace(".", "%2e")).resolve("accounts").resolve(name + ".dat");
        Files.createDirectories(account.getParent());
        Files.writeString(account, "return {\n\t[\"password\"] = \"" + password + "\";\n};\n");
    }

    /** All that it has logged. */
    public String log() {
        return process.log();
    }

    @Override
    public void close() {
        stop();
    }

    private String configuration() {
        return """
                run_as_root = true -- a throw-away one, on loopback only
                data_path = "%1$s"
                certificates = "%1$s"
                pidfile = "%1$s/prosody.pid"
                interfaces = { "127.0.0.1" }
                c2s_ports = { %2$d }
                component_interfaces = { "127.0.0.1" }
                component_ports = { %3$d }
                modules_enabled = { "disco", "roster", "saslauth", "ping", "carbons" }
                modules_disabled = { "s2s" }
                authentication = "internal_plain"
                c2s_require_encryption = false
                allow_unencrypted_plain_auth = true
                log = { { levels = { min = "info" }, to = "console" } }
                VirtualHost "%4$s"
                VirtualHost "%5$s"
                Component "%6$s"
                    component_secret = "%7$s"
                """.formatted(data, clientPort, componentPort, HOST, OTHER_HOST, COMPONENT, componentSecret);
    }

    private static void requirePlain(String text) {
        if (!text.matches("[a-z0-9]+")) {
            throw new IllegalArgumentException("'" + text + "' needs escaping; use a to z and digits");
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** Ports that are free now, all different because they are held together. */
    private static List<Integer> freePorts(int count) throws IOException {
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
