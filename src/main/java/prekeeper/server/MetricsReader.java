package prekeeper.server;

import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@link Settings.Metrics}: the block {@code metrics}. */
final class MetricsReader {
    static final String[] NAMES = {"enabled", "host", "port", "beyond-loopback"};

    private static final String DEFAULT_HOST = "127.0.0.1";
    private static final int DEFAULT_PORT = 9431;

    /** Without asking a name service, which may say something else when the server starts. */
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|::1|0:0:0:0:0:0:0:1", Pattern.CASE_INSENSITIVE);

    private final Block block;

    MetricsReader(Block block) {
        this.block = block;
    }

    /** Empty when they are off; all the same everything is checked. */
    Optional<Settings.Metrics> read() {
        boolean enabled = flag("enabled");
        boolean anywhere = flag("beyond-loopback");
        String host = block.scalar(
                        "host",
                        anywhere
                                ? "a host name or an address"
                                : "an address of the loopback such as \"127.0.0.1\", or beyond-loopback = true beside it,",
                        written -> SettingsReader.host(written)
                                .filter(any -> anywhere || LOOPBACK.matcher(any).matches()))
                .orElse(DEFAULT_HOST);
        int port = block.scalar("port", "a number from 1 to 65535", SettingsReader::port)
                .orElse(DEFAULT_PORT);
        return enabled ? Optional.of(new Settings.Metrics(host, port)) : Optional.empty();
    }

    private boolean flag(String name) {
        return block.scalar(name, "true or false", LimitsReader::flag).orElse(false);
    }
}
