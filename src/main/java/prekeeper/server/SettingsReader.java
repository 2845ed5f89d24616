package prekeeper.server;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import prekeeper.crypto.SecretBytes;
import prekeeper.store.StoreSettings;
import prekeeper.xmpp.ContactKind;
import prekeeper.xmpp.DomainList;
import prekeeper.xmpp.Limits;
import prekeeper.xmpp.TinderAccounts;

/** Reads {@link Settings}: the one place that has the names and defaults of conf/prekeeper.conf. Used once. */
final class SettingsReader {
    /** Wins over {@code component.secret} and {@code component.secret-file}. */
    static final String COMPONENT_SECRET = "PREKEEPER_COMPONENT_SECRET";
    /** Wins over {@code store.password} and {@code store.password-file}. */
    static final String STORE_PASSWORD = "PREKEEPER_STORE_PASSWORD";

    static final String DEFAULT_HOST = "127.0.0.1";
    static final int DEFAULT_PORT = 5347;
    /** Names of files in {@link Source#data()}; that of the database is without its ending. */
    static final String DEFAULT_STORE = "prekeys";

    static final String DEFAULT_KEY_FILE = "identity.key";

    /** Behind the name of the key file, beside which the takings file stands unless it is named. */
    static final String TAKINGS_SUFFIX = ".takings";

    private static final String COMPONENT = "component";
    private static final String METRICS = "metrics";

    /** The settings of every server. */
    private static final List<String> COMMON = List.of(
            "store",
            "key-file",
            "publishers",
            "retrievers",
            "admins",
            "contacts",
            "limits",
            "low-stock",
            "fragment-length");

    private static final Pattern HOST = Pattern.compile("[^\\s/@]+");
    private static final Pattern URI = Pattern.compile("[a-z][a-z0-9+.-]*:\\S+");

    private final Source source;
    private final Problems problems;
    private final List<String> warnings = new ArrayList<>();

    /**
     * Where settings come from.
     *
     * @param place for errors: a file, or what else holds them
     * @param folder that relative paths count from
     * @param data absolute; what is made there has no other place unless it is named
     * @param environment of the process: secrets in it win
     */
    record Source(String place, Path folder, Path data, Map<String, String> environment) {}

    SettingsReader(Source source) {
        this.source = source;
        problems = new Problems(source.place());
    }

    /** Settings of a server that connects to its XMPP server. */
    Settings read(ConfigObject root) throws SetupException {
        List<String> known =
                Stream.concat(Stream.of(COMPONENT, METRICS), COMMON.stream()).toList();
        Block prekeeper = prekeeper(root, known);
        Block component = prekeeper.block(COMPONENT, "jid", "host", "port", "secret", "secret-file");
        if (component.value("jid").isEmpty()) {
            component.missing("jid", "");
        }
        String jid = component
                .scalar("jid", "a domain such as \"prekey.example.org\"", DomainList::prepareDomain)
                .orElse("");
        return read(
                prekeeper,
                jid,
                Optional.of(link(component)),
                new MetricsReader(prekeeper.block(METRICS, MetricsReader.NAMES)).read());
    }

    /** Settings of a server inside the XMPP server, which knows its address. */
    Settings read(ConfigObject root, String jid) throws SetupException {
        return read(prekeeper(root, COMMON), jid, Optional.empty(), Optional.empty());
    }

    private Block prekeeper(ConfigObject root, List<String> known) {
        return Block.root(root, problems, "prekeeper").block("prekeeper", known.toArray(String[]::new));
    }

    private Settings read(Block prekeeper, String jid, Optional<Settings.Link> link, Optional<Settings.Metrics> metrics)
            throws SetupException {
        StoreSettings store =
                store(prekeeper.block("store", "url", "user", "password", "password-file", "takings-file"));
        Path keyFile = prekeeper
                .scalar("key-file", "the path of a file", this::path)
                .orElseGet(() -> source.data().resolve(DEFAULT_KEY_FILE));
        Settings.Publishers publishers = publishers(prekeeper.block("publishers", "domains"), jid);
        Settings.Retrievers retrievers = new Settings.Retrievers(
                domains(prekeeper.block("retrievers", "domains")).orElse(DomainList.of("*")));
        List<String> admins = admins(prekeeper);
        Map<ContactKind, List<String>> contacts = contacts(prekeeper);
        Limits limits = new LimitsReader(prekeeper).read();
        if (!problems.isEmpty()) {
            link.ifPresent(opened -> opened.secret().close());
            store.password().ifPresent(SecretBytes::close);
            throw new SetupException(problems.lines());
        }
        return new Settings(
                jid,
                link,
                withTakingsFile(store, keyFile),
                keyFile,
                publishers,
                retrievers,
                admins,
                contacts,
                limits,
                metrics,
                List.copyOf(warnings));
    }

    /** With an empty secret in place of one that was reported as wrong or missing. */
    private Settings.Link link(Block block) {
        String host = block.scalar("host", "a host name or an address", SettingsReader::host)
                .orElse(DEFAULT_HOST);
        int port = block.scalar("port", "a number from 1 to 65535", SettingsReader::port)
                .orElse(DEFAULT_PORT);
        SecretSetting setting = new SecretSetting(block, "secret", "secret-file", COMPONENT_SECRET);
        if (!setting.isPresent(source.environment())) {
            block.missing(
                    "secret", "; secret-file or the environment variable " + COMPONENT_SECRET + " will do as well");
        }
        SecretBytes secret = secret(setting).orElseGet(() -> SecretBytes.adopt(new byte[0]));
        return new Settings.Link(host, port, secret);
    }

    private StoreSettings store(Block block) {
        String url = block.value("url").flatMap(this::storeUrl).orElseGet(this::defaultStore);
        Optional<String> user = block.scalar("user", "a name", SettingsReader::nonEmpty);
        Optional<SecretBytes> password = secret(new SecretSetting(block, "password", "password-file", STORE_PASSWORD));
        return new StoreSettings(url, user, password, block.scalar("takings-file", "the path of a file", this::path));
    }

    private static StoreSettings withTakingsFile(StoreSettings store, Path keyFile) {
        return store.takingsFile().isPresent()
                ? store
                : store.withTakingsFile(keyFile.resolveSibling(keyFile.getFileName() + TAKINGS_SUFFIX));
    }

    private String defaultStore() {
        return "jdbc:h2:file:" + source.data().resolve(DEFAULT_STORE);
    }

    /** Which ones are allowed is the store's to say; a wrong one is not shown, since it may hold a password. */
    private Optional<String> storeUrl(ConfigValue value) {
        String url = Block.text(value).orElse("");
        try {
            return Optional.of(new StoreSettings(url, Optional.empty(), Optional.empty())
                    .from(source.folder())
                    .url());
        } catch (IllegalArgumentException e) {
            problems.add(value, "prekeeper.store.url: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Settings.Publishers publishers(Block block, String jid) {
        Optional<DomainList> written = domains(block);
        int dot = jid.indexOf('.');
        if (written.isEmpty() && dot < 0 && !jid.isEmpty()) {
            block.missing("domains", "; \"" + jid + "\" has no parent domain to take instead");
        }
        return new Settings.Publishers(
                written.orElseGet(() -> dot < 0 ? DomainList.of() : DomainList.of(jid.substring(dot + 1))));
    }

    private static Optional<DomainList> domains(Block block) {
        return block.list(
                        "domains",
                        "a list of domains such as [\"example.org\"]",
                        "a domain, \"*.domain\" or \"*\"",
                        DomainList::prepareEntry)
                .map(DomainList::new);
    }

    private static List<String> admins(Block prekeeper) {
        return prekeeper
                .list(
                        "admins",
                        "a list of addresses such as [\"admin@example.org\"]",
                        "an address such as \"admin@example.org\"",
                        SettingsReader::account)
                .orElse(List.of());
    }

    private static Map<ContactKind, List<String>> contacts(Block prekeeper) {
        ContactKind[] kinds = ContactKind.values();
        Block block = prekeeper.block(
                "contacts", Stream.of(kinds).map(ContactKind::setting).toArray(String[]::new));
        Map<ContactKind, List<String>> contacts = new EnumMap<>(ContactKind.class);
        for (ContactKind kind : kinds) {
            block.list(
                            kind.setting(),
                            "a list of URIs such as [\"mailto:admin@example.org\"]",
                            "a URI such as \"mailto:admin@example.org\" or \"xmpp:admin@example.org\"",
                            SettingsReader::uri)
                    .filter(uris -> !uris.isEmpty())
                    .ifPresent(uris -> contacts.put(kind, uris));
        }
        return contacts;
    }

    private Optional<SecretBytes> secret(SecretSetting setting) {
        return setting.read(source, problems, warnings);
    }

    private Optional<Path> path(String written) {
        return resolve(source.folder(), written);
    }

    /** Relative paths count from {@code folder}, wherever the server is started. */
    static Optional<Path> resolve(Path folder, String written) {
        try {
            return nonEmpty(written).map(folder.toAbsolutePath()::resolve).map(Path::normalize);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    static Optional<String> host(String written) {
        return Optional.of(written).filter(host -> HOST.matcher(host).matches());
    }

    static Optional<Integer> port(String written) {
        return Numbers.parse(written, 1, 65_535);
    }

    private static Optional<String> uri(String written) {
        return Optional.of(written).filter(uri -> URI.matcher(uri).matches());
    }

    private static Optional<String> account(String written) {
        return written.indexOf('/') < 0 ? new TinderAccounts().prepare(written) : Optional.empty();
    }

    private static Optional<String> nonEmpty(String written) {
        return Optional.of(written).filter(text -> !text.isBlank());
    }
}
