package prekeeper.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import prekeeper.crypto.SecretBytes;
import prekeeper.store.StoreSettings;
import prekeeper.xmpp.ConnectionSettings;
import prekeeper.xmpp.ContactKind;
import prekeeper.xmpp.DomainList;
import prekeeper.xmpp.Limits;

/**
 * What configures a server, read, checked and with every default filled in; conf/prekeeper.conf has all there is.
 *
 * @param jid a prepared domain
 * @param link to the XMPP server; empty inside of one
 * @param keyFile the server's identity, made on first start
 * @param admins prepared bare JIDs
 * @param contacts URIs that discovery shows
 * @param metrics where monitoring asks; empty when it may not
 * @param warnings one line each, about what works and should be changed all the same
 */
public record Settings(
        String jid,
        Optional<Link> link,
        StoreSettings store,
        Path keyFile,
        Publishers publishers,
        Retrievers retrievers,
        List<String> admins,
        Map<ContactKind, List<String>> contacts,
        Limits limits,
        Optional<Metrics> metrics,
        List<String> warnings) {

    /** What precedes the name of a property in errors. */
    static final String PROPERTY_ORIGIN = "property ";

    private static final Path DATA = Path.of("/var/lib/prekeeper");

    /**
     * The XEP-0114 connection.
     *
     * @param secret shared with the XMPP server, UTF-8
     */
    public record Link(String host, int port, SecretBytes secret) {}

    /** How the component connects; empty where it runs inside of its XMPP server. */
    public Optional<ConnectionSettings> connection() {
        return link.map(there -> ConnectionSettings.of(
                jid, there.host(), there.port(), new String(there.secret().toByteArray(), StandardCharsets.UTF_8)));
    }

    /**
     * The endpoint for monitoring.
     *
     * @param host of the loopback, unless an administrator allows another one
     */
    public record Metrics(String host, int port) {}

    /** Who may publish. */
    public record Publishers(DomainList domains) {}

    /** Who may retrieve. */
    public record Retrievers(DomainList domains) {}

    /**
     * Reads {@code file}, the files that it includes and the secrets that they name.
     *
     * @param environment of the process: secrets in it win, and {@code ${?NAME}} in the file refers to it
     * @throws SetupException with every problem found, not the first only
     */
    public static Settings load(Path file, Map<String, String> environment) throws SetupException {
        Path folder = file.toAbsolutePath().getParent();
        return new SettingsReader(new SettingsReader.Source(file.toString(), folder, DATA, environment))
                .read(SettingsFile.read(file, environment));
    }

    /**
     * Reads properties of the XMPP server that this one runs in: the same settings, without {@code prekeeper.component}.
     *
     * @param jid a prepared domain
     * @param properties by their dotted names, such as {@code prekeeper.low-stock.mark}: texts, and lists of texts
     * @param data an absolute folder, for the database and the key file unless they are named
     * @throws SetupException with every problem found, not the first only
     */
    public static Settings within(String jid, Map<String, Object> properties, Path data) throws SetupException {
        Config config = ConfigFactory.empty();
        for (Map.Entry<String, Object> property : properties.entrySet()) {
            config = config.withValue(
                    ConfigUtil.joinPath(List.of(property.getKey().split("\\."))),
                    ConfigValueFactory.fromAnyRef(property.getValue(), PROPERTY_ORIGIN + property.getKey()));
        }
        return new SettingsReader(new SettingsReader.Source("properties", data, data, Map.of()))
                .read(config.root(), jid);
    }
}
