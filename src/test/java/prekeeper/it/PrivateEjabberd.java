package prekeeper.it;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An ejabberd of our own, Debian's. Clients are never slowed down; its limits to the size of a stanza are those of
 * Debian's configuration.
 *
 * <p>Its Erlang runs without a node name, so that it neither meets others on this machine nor leaves an {@code epmd}
 * behind, and is started directly: {@code ejabberdctl} would run it as another user, to whom our files are closed.
 */
public final class PrivateEjabberd extends XmppServer {
    private static final Path CONTROL = Path.of("/usr/sbin/ejabberdctl");
    private static final Pattern LIBRARIES = Pattern.compile("(?m)^ERL_LIBS='?([^'\\s]+)'?$");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int controlPort = freePorts(1).get(0);
    private final List<Account> accounts = new ArrayList<>();
    private final Path configuration;
    private final String libraries;

    private PrivateEjabberd(Scratch scratch, String mostStanzaBytes) throws IOException {
        super(scratch, "ejabberd");
        Files.createDirectories(folder());
        configuration = scratch.folder().resolve("ejabberd.yml");
        Files.writeString(configuration, configuration(mostStanzaBytes));
        libraries = libraries();
    }

    /** Starts one in {@code scratch} and waits until it serves. */
    public static PrivateEjabberd start(Scratch scratch) throws IOException {
        return start(scratch, "262144");
    }

    /** One that passes on stanzas of up to {@link #LENIENT_STANZA_BYTES}, so that a component has to bound them itself. */
    static PrivateEjabberd startLenient(Scratch scratch) throws IOException {
        return start(scratch, Integer.toString(LENIENT_STANZA_BYTES));
    }

    /** @param mostStanzaBytes that clients may send */
    static PrivateEjabberd start(Scratch scratch, String mostStanzaBytes) throws IOException {
        PrivateEjabberd ejabberd = new PrivateEjabberd(scratch, mostStanzaBytes);
        ejabberd.start();
        return ejabberd;
    }

    /** Starts it and opens the accounts again that a kill may have taken: its database writes seconds later. */
    @Override
    public void start() throws IOException {
        super.start();
        for (Account account : accounts) {
            open(account);
        }
    }

    @Override
    List<String> command() {
        return List.of(
                "/usr/bin/env",
                "ERL_LIBS=" + libraries,
                "ERL_CRASH_DUMP=" + folder().resolve("crash.dump"),
                "EJABBERD_CONFIG_PATH=" + configuration,
                "EJABBERD_LOG_PATH=" + folder().resolve("ejabberd.log"),
                "HOME=" + folder(),
                "erl",
                "-noinput",
                // idle schedulers sleep at once: the processors are for the others
                "+sbwt",
                "none",
                "+sbwtdcpu",
                "none",
                "+sbwtdio",
                "none",
                "-mnesia",
                "dir",
                '"' + folder().toString() + '"',
                "-s",
                "ejabberd");
    }

    /** Its ports are open long before it accepts what connects. */
    @Override
    boolean isReady() {
        try {
            return call("status", "{}") == HttpURLConnection.HTTP_OK;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    void add(Account account) throws IOException {
        open(account);
        accounts.add(account);
    }

    private void open(Account account) throws IOException {
        int status = call("register", """
                {"user": "%s", "host": "%s", "password": "%s"}
                """.formatted(account.name(), account.host(), account.password()));
        if (status != HttpURLConnection.HTTP_OK && status != HttpURLConnection.HTTP_CONFLICT) {
            throw new IOException("ejabberd answered " + status + " to the registration of " + account.jid());
        }
    }

    /** Runs a command over mod_http_api; returns the status of HTTP. */
    private int call(String command, String arguments) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + controlPort + "/api/" + command))
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(arguments))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while talking to ejabberd", e);
        }
    }

    /** Where Debian keeps ejabberd's modules: a folder named after the processor, which its start script knows. */
    private static String libraries() throws IOException {
        Matcher line = LIBRARIES.matcher(Files.readString(CONTROL));
        if (!line.find()) {
            throw new IOException(CONTROL + " does not tell ERL_LIBS; is it Debian's?");
        }
        return line.group(1);
    }

    private String configuration(String mostStanzaBytes) {
        return """
                loglevel: info
                hosts: [ "%1$s", "%2$s" ]
                auth_method: internal
                auth_password_format: plain
                s2s_access: none
                listen:
                  - module: ejabberd_c2s
                    ip: "127.0.0.1"
                    port: %3$d
                    max_stanza_size: %8$s
                    shaper: none
                  - module: ejabberd_service
                    ip: "127.0.0.1"
                    port: %4$d
                    shaper_rule: none
                    hosts:
                      "%5$s":
                        password: "%6$s"
                      "%9$s":
                        password: "%6$s"
                  - module: ejabberd_http
                    ip: "127.0.0.1"
                    port: %7$d
                    request_handlers:
                      /api: mod_http_api
                api_permissions:
                  "accounts":
                    who: all # who reaches the port, which is on loopback
                    what: [ register, status ]
                modules:
                  mod_carboncopy: {}
                  mod_disco: {}
                  mod_http_api: {}
                  mod_ping: {}
                  mod_roster: {}
                """.formatted(
                        HOST,
                        OTHER_HOST,
                        clientPort(),
                        componentPort(),
                        COMPONENT,
                        componentSecret(),
                        controlPort,
                        mostStanzaBytes,
                        UNLISTED_COMPONENT);
    }
}
