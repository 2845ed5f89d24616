package prekeeper.openfire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jivesoftware.openfire.XMPPServer;
import org.jivesoftware.util.JiveGlobals;
import org.jivesoftware.util.JiveProperties;
import org.xmpp.packet.JID;
import prekeeper.server.Settings;
import prekeeper.server.SetupException;
import prekeeper.store.OwnerOnly;
import prekeeper.xmpp.DomainList;

/**
 * Prekeeper's settings among Openfire's system properties: those of conf/prekeeper.conf under the same names, but for the
 * connection, which there is none of, and the store, which is {@code prekeeper.store}. Lists are written with commas. Thread-safe.
 */
final class OpenfireSettings {
    static final String PREFIX = "prekeeper.";

    /** What precedes Openfire's domain in the server's address. */
    static final String SUBDOMAIN = PREFIX + "subdomain";

    static final String DEFAULT_SUBDOMAIN = "prekey";

    /** {@link #H2} or {@link #OPENFIRE}. */
    static final String STORE = PREFIX + "store";

    /** A database in a file below Openfire's home. */
    static final String H2 = "h2";

    /** The PostgreSQL that Openfire itself uses, in a schema of our own. */
    static final String OPENFIRE = "openfire";

    static final String ADMINS = PREFIX + "admins";
    static final String CONTACTS = PREFIX + "contacts.";
    static final Set<String> LISTS = Set.of(PREFIX + "publishers.domains", PREFIX + "retrievers.domains", ADMINS);

    private static final List<String> LIMITS =
            List.of(PREFIX + "limits.", PREFIX + "low-stock.", PREFIX + "fragment-length");

    /** In lower case, as Openfire looks for them. */
    private static final Pattern SUBDOMAINS = Pattern.compile("[a-z0-9-]+");

    /** Where Openfire keeps what it connects to its database with. */
    private static final String PROVIDER = "database.defaultProvider.";

    private static final String POSTGRES = "jdbc:postgresql:";
    private static final String SCHEMA = "currentSchema=prekeeper";

    private final String domain;
    private final Path data;

    /**
     * Settings of a server below {@code domain}.
     *
     * @param home Openfire's, absolute; database and key are in the folder prekeeper in it
     */
    OpenfireSettings(String domain, Path home) {
        this.domain = domain;
        this.data = home.resolve("prekeeper");
    }

    static boolean isOurs(String property) {
        return property.startsWith(PREFIX);
    }

    /** Whether these are limits, which change without a new start, all of them. */
    static boolean areLimits(Set<String> properties) {
        return properties.stream().allMatch(property -> LIMITS.stream().anyMatch(property::startsWith));
    }

    static boolean isList(String property) {
        return LISTS.contains(property) || property.startsWith(CONTACTS);
    }

    /** Ours that are set, by name. */
    Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        for (String name : JiveGlobals.getPropertyNames()) {
            String value = JiveGlobals.getProperty(name);
            if (isOurs(name) && value != null && !value.isBlank()) {
                properties.put(name, value.strip());
            }
        }
        return properties;
    }

    /**
     * Sets one.
     *
     * @param value null goes back to its default
     */
    void set(String property, String value) {
        // not JiveGlobals, whose methods for this give something else back from 5.2 on
        JiveProperties all = JiveProperties.getInstance();
        if (!Objects.equals(value, all.get(property))) {
            if (value == null) {
                all.remove(property);
            } else {
                all.put(property, value);
            }
        }
    }

    /** What can be set on the console page. */
    List<ConsoleField> fields() {
        return ConsoleField.all(domain);
    }

    /** What stands before Openfire's domain in the server's address. */
    static String subdomain(Map<String, String> properties) {
        return properties.getOrDefault(SUBDOMAIN, DEFAULT_SUBDOMAIN);
    }

    /** Bare JIDs of those who administrate Openfire. */
    static List<String> administrators() {
        return XMPPServer.getInstance().getAdmins().stream().map(JID::toBareJID).toList();
    }

    /**
     * What {@link #properties()} amount to.
     *
     * @throws SetupException with every problem found, not the first only
     */
    Settings read(Map<String, String> properties) throws SetupException {
        String subdomain = subdomain(properties);
        String jid = DomainList.prepareDomain(subdomain + "." + domain)
                .filter(prepared -> SUBDOMAINS.matcher(subdomain).matches())
                .orElseThrow(() -> new SetupException(List.of("property " + SUBDOMAIN + ": \"" + subdomain
                        + "\" is no part of a domain, one such as \"" + DEFAULT_SUBDOMAIN + "\" expected")));
        Map<String, Object> values = new HashMap<>();
        properties.forEach((name, value) -> values.put(name, isList(name) ? list(value) : value));
        values.remove(SUBDOMAIN);
        values.putAll(store(Objects.toString(values.remove(STORE), H2)));
        values.putIfAbsent(ADMINS, administrators());
        return Settings.within(jid, values, data);
    }

    /** Makes the folder of database and key, for its owner alone, should it be missing. */
    void makeFolder() throws SetupException {
        try {
            if (!Files.isDirectory(data)) {
                Files.createDirectories(data, OwnerOnly.folder(data));
            }
        } catch (IOException failed) {
            throw new SetupException(List.of("can not make folder " + data + ": " + failed.getMessage()));
        }
    }

    private static List<String> list(String written) {
        return Stream.of(written.split("[,\\s]+")).filter(one -> !one.isEmpty()).toList();
    }

    private static Map<String, Object> store(String written) throws SetupException {
        return switch (written) {
            case H2 -> Map.of();
            case OPENFIRE -> openfiresOwn();
            default ->
                throw new SetupException(
                        List.of("property " + STORE + ": \"" + H2 + "\" or \"" + OPENFIRE + "\" expected"));
        };
    }

    private static Map<String, Object> openfiresOwn() throws SetupException {
        String url = Objects.toString(JiveGlobals.getXMLProperty(PROVIDER + "serverURL"), "");
        if (!url.startsWith(POSTGRES)) {
            throw new SetupException(
                    List.of("property " + STORE + ": Openfire's own database is no PostgreSQL; set it to \"" + H2
                            + "\", or move Openfire to PostgreSQL"));
        }
        Map<String, String> values = new HashMap<>();
        values.put("url", url + (url.indexOf('?') < 0 ? "?" : "&") + SCHEMA);
        values.put("user", JiveGlobals.getXMLProperty(PROVIDER + "username"));
        values.put("password", JiveGlobals.getXMLProperty(PROVIDER + "password"));
        return values.entrySet().stream()
                .filter(entry -> entry.getValue() != null && !entry.getValue().isEmpty())
                .collect(Collectors.toMap(entry -> STORE + "." + entry.getKey(), Map.Entry::getValue));
    }
}
