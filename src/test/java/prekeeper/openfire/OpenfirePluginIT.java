package prekeeper.openfire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import prekeeper.benchmark.Publisher;
import prekeeper.client.Handshake;
import prekeeper.crypto.Bytes;
import prekeeper.it.PrivatePostgres;
import prekeeper.it.Scratch;
import prekeeper.wire.Armour;
import prekeeper.wire.ClientMessage;
import prekeeper.wire.Draft;
import prekeeper.wire.EnsembleQuery;
import prekeeper.wire.EnsembleRetrieval;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.NoPrekeyEnsembles;
import prekeeper.wire.ServerMessage;
import prekeeper.wire.Success;

/** The plugin as it is built, in a stand-in for Openfire that has Openfire's libraries. */
class OpenfirePluginIT {
    private static final Path JAR = Path.of(System.getProperty("prekeeper.openfire.jar"));
    private static final String NEWEST = "5.1";
    private static final String SERVER = "prekey.example.org";
    private static final String ALICE = "alice@example.org";
    private static final Pattern CHILD = Pattern.compile("<(?:dake|publish|query)[^>]*>([^<]*)<");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path home;

    private int stanzas;

    @Test
    void theJarHasItsDescriptorTextsAndPageAndOnlyTheLibrariesThatOpenfireLacks() throws IOException {
        Set<String> libraries = new HashSet<>();
        Set<String> others = new HashSet<>();
        try (JarFile jar = new JarFile(JAR.toFile())) {
            for (ZipEntry entry :
                    jar.stream().filter(file -> !file.isDirectory()).toList()) {
                (entry.getName().startsWith("lib/") ? libraries : others)
                        .add(entry.getName().replaceFirst("-[0-9][0-9.]*\\.jar$", ""));
            }
            String descriptor =
                    new String(jar.getInputStream(jar.getEntry("plugin.xml")).readAllBytes(), StandardCharsets.UTF_8);
            assertFalse(descriptor.contains("${"), "the version is filled in");
        }
        assertEquals(
                Set.of(
                        "lib/prekeeper.jar",
                        "lib/h2",
                        "lib/HikariCP",
                        "lib/flyway-core",
                        "lib/flyway-database-postgresql",
                        "lib/jdbi3-core",
                        "lib/geantyref",
                        "lib/bucket4j_jdk17-core",
                        "lib/config"),
                libraries);
        assertEquals(
                Set.of(
                        "plugin.xml",
                        "CHANGELOG.md",
                        "LICENSE",
                        "META-INF/MANIFEST.MF",
                        "i18n/prekeeper_i18n.properties",
                        "web/WEB-INF/web.xml"),
                others);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.0", NEWEST})
    void itServesOnTheLibrariesOfEachRelease(String release) throws Exception {
        try (StandInOpenfire openfire = new StandInOpenfire(release, home)) {
            openfire.load(JAR);
            assertEquals("inside Openfire, as prekey", shown(openfire.page(), "Connection"));
            for (Draft draft : Draft.values()) {
                String account = draft.name().toLowerCase(Locale.ROOT) + "@example.org";
                publish(openfire, account, draft, 2);
                assertTrue(retrieves(openfire, account, draft));
                assertTrue(retrieves(openfire, account, draft));
                assertFalse(retrieves(openfire, account, draft), "each prekey message once");
            }
            assertTrue(ask(openfire, ALICE + "/x", "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>")
                    .contains("prekeeper:otrv4-prekey:0"));
            openfire.unload();
        }
    }

    @ParameterizedTest
    @EnumSource(Draft.class)
    void aReloadLosesNoPrekey(Draft draft) throws Exception {
        try (StandInOpenfire openfire = new StandInOpenfire(NEWEST, home)) {
            openfire.load(JAR);
            String fingerprint = shown(openfire.page(), "Fingerprint, " + draft);
            publish(openfire, ALICE, draft, 2);
            openfire.unload();
            openfire.load(JAR);
            assertEquals(fingerprint, shown(openfire.page(), "Fingerprint, " + draft));
            assertTrue(retrieves(openfire, ALICE, draft));
            assertTrue(retrieves(openfire, ALICE, draft));
            assertFalse(retrieves(openfire, ALICE, draft));
            openfire.unload();
        }
    }

    @Test
    void tenReloadsLeaveNoThreadFileOrClassLoaderBehind() throws Exception {
        try (StandInOpenfire openfire = new StandInOpenfire(NEWEST, home)) {
            openfire.load(JAR);
            publish(openfire, ALICE, Draft.SPEC, 1);
            openfire.unload();
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            long filesBefore = openFiles();
            List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                openfire.load(JAR);
                loaders.add(new WeakReference<>(openfire.pluginLoader()));
                publish(openfire, ALICE, Draft.SPEC, 2);
                assertTrue(retrieves(openfire, ALICE, Draft.SPEC));
                openfire.page();
                openfire.unload();
                assertEquals(0, openfire.left());
            }
            await(
                    "threads are left: " + threadsBeside(before),
                    () -> threadsBeside(before).isEmpty());
            await("class loaders are left", () -> {
                System.gc();
                return loaders.stream().allMatch(loader -> loader.get() == null);
            });
            await("files are open", () -> openFiles() <= filesBefore);
        }
    }

    @Test
    void deletingAnAccountRemovesItsPrekeys() throws Exception {
        try (StandInOpenfire openfire = new StandInOpenfire(NEWEST, home)) {
            openfire.load(JAR);
            publish(openfire, ALICE, Draft.SPEC, 2);
            publish(openfire, "bob@example.org", Draft.SPEC, 1);
            openfire.deleteUser("alice");
            await(
                    "they are there",
                    () -> shown(openfire.page(), "Devices stored").equals("1"));
            assertFalse(retrieves(openfire, ALICE, Draft.SPEC));
            assertTrue(retrieves(openfire, "bob@example.org", Draft.SPEC));
            openfire.unload();
        }
    }

    @Test
    void settingsAreInForceWhenTheyAreChangedAnywhere() throws Exception {
        try (StandInOpenfire openfire = new StandInOpenfire(NEWEST, home)) {
            openfire.setProperty("prekeeper.limits.prekey-messages", "1");
            openfire.load(JAR);
            assertTrue(handshake(openfire, ALICE, Draft.SPEC, 2).contains("</publish>"));
            assertFalse(retrieves(openfire, ALICE, Draft.SPEC), "two are too many");
            openfire.setProperty("prekeeper.limits.prekey-messages", "2");
            await("the limit is as it was", () -> published(openfire, ALICE, 2));

            openfire.setProperty("prekeeper.subdomain", "keys");
            await(
                    "nobody is there",
                    () -> !ask(openfire, ALICE + "/x", "get", "keys.example.org", "<ping xmlns='urn:xmpp:ping'/>")
                            .equals("no such component"));
            assertEquals("no such component", ask(openfire, ALICE + "/x", "get", "<ping xmlns='urn:xmpp:ping'/>"));
            openfire.unload();
        }
    }

    @Test
    void whatIsWrongWithSettingsIsOnThePageAndTheServerStaysAsItWas() throws Exception {
        try (StandInOpenfire openfire = new StandInOpenfire(NEWEST, home)) {
            openfire.load(JAR);
            openfire.setProperty("prekeeper.limits.devices", "many");
            await("no word of it", () -> openfire.page().contains("prekeeper.limits.devices is \"many\""));
            openfire.setProperty("prekeeper.limitz", "1");
            await("no word of it", () -> openfire.page().contains("did you mean limits?"));
            publish(openfire, ALICE, Draft.SPEC, 1);
            openfire.unload();
        }
    }

    @Test
    void aServerWithWrongSettingsStartsAsSoonAsTheyAreRight() throws Exception {
        try (StandInOpenfire openfire = new StandInOpenfire(NEWEST, home)) {
            openfire.setProperty("prekeeper.store", "openfire");
            openfire.load(JAR);
            assertTrue(openfire.page().contains("Openfire's own database is no PostgreSQL"));
            openfire.setProperty("prekeeper.store", "h2");
            await("it does not run", () -> published(openfire, ALICE, 1));
            openfire.unload();
        }
    }

    @Test
    void thePageSavesAllOfAFormOrNothing() throws Exception {
        try (StandInOpenfire openfire = new StandInOpenfire(NEWEST, home)) {
            openfire.load(JAR);
            String refused =
                    openfire.send(Map.of("prekeeper.limits.devices", "3", "prekeeper.retrievers.domains", "<script>"));
            assertTrue(refused.contains("&lt;script&gt;"), refused);
            assertFalse(refused.contains("<script>"), refused);
            assertNull(openfire.property("prekeeper.limits.devices"));

            assertEquals(
                    "sendRedirect /plugins/prekeeper-openfire/prekeys?saved=true",
                    openfire.send(Map.of("prekeeper.limits.devices", "3", "prekeeper.low-stock.mark", "10")));
            assertEquals("3", openfire.property("prekeeper.limits.devices"));
            assertNull(openfire.property("prekeeper.low-stock.mark"), "the default is not written down");
            String page = openfire.page();
            assertTrue(page.contains("name=\"prekeeper.limits.devices\" value=\"3\""), page);
            assertTrue(page.contains("name=\"csrf\" value=\"token of csrf\""), page);

            openfire.send(Map.of());
            assertNull(openfire.property("prekeeper.limits.devices"));
            openfire.unload();
        }
    }

    @Test
    void openfiresPostgresKeepsThePrekeysInASchemaOfTheirOwn() throws Exception {
        try (Scratch scratch = Scratch.create();
                PrivatePostgres postgres = PrivatePostgres.start(scratch);
                StandInOpenfire openfire = new StandInOpenfire(NEWEST, home)) {
            String url = postgres.createDatabase("openfire");
            postgres.execute("openfire", "CREATE TABLE ofuser (name TEXT)");
            openfire.setXmlProperty("database.defaultProvider.serverURL", url);
            openfire.setXmlProperty("database.defaultProvider.username", PrivatePostgres.USER);
            openfire.setXmlProperty("database.defaultProvider.password", PrivatePostgres.PASSWORD);
            openfire.setProperty("prekeeper.store", "openfire");
            openfire.load(JAR);
            publish(openfire, ALICE, Draft.SPEC, 1);
            openfire.unload();
            try (var connection = postgres.connect("openfire");
                    var statement = connection.createStatement();
                    var count = statement.executeQuery("SELECT count(*) FROM prekeeper.prekey_message")) {
                assertTrue(count.next());
                assertEquals(1, count.getInt(1));
            }
        }
    }

    private boolean published(StandInOpenfire openfire, String account, int messages) {
        try {
            publish(openfire, account, Draft.SPEC, messages);
            return true;
        } catch (AssertionError | Exception notYet) {
            return false;
        }
    }

    private void publish(StandInOpenfire openfire, String account, Draft draft, int messages) throws Exception {
        String answer = handshake(openfire, account, draft, messages);
        assertTrue(ServerMessage.decode(bytes(answer), draft) instanceof Success, answer);
    }

    /** The answer to a publication. */
    private String handshake(StandInOpenfire openfire, String account, Draft draft, int messages) throws Exception {
        try (Publisher publisher = new Publisher(draft, messages, SERVER);
                Handshake handshake = publisher.begin(account)) {
            String dake2 =
                    ask(openfire, account + "/x", "dake", handshake.dake1().encode());
            return ask(
                    openfire,
                    account + "/x",
                    "publish",
                    publisher.publish(handshake, bytes(dake2)).encode());
        }
    }

    private boolean retrieves(StandInOpenfire openfire, String account, Draft draft) throws Exception {
        EnsembleQuery query = new EnsembleQuery(new InstanceTag(InstanceTag.LEAST), account, "4");
        ServerMessage answer =
                ServerMessage.decode(bytes(ask(openfire, "carol@example.org/x", "query", query.encode())), draft);
        assertTrue(answer instanceof EnsembleRetrieval || answer instanceof NoPrekeyEnsembles, answer.toString());
        return answer instanceof EnsembleRetrieval;
    }

    private static Bytes bytes(String answer) throws Exception {
        Matcher child = CHILD.matcher(answer);
        assertTrue(child.find(), answer);
        return Armour.decode(child.group(1), ClientMessage.MOST_BYTES);
    }

    private String ask(StandInOpenfire openfire, String from, String element, Bytes message) {
        return ask(
                openfire,
                from,
                "set",
                "<" + element + " xmlns='prekeeper:otrv4-prekey:0'>" + Armour.encode(message) + "</" + element + ">");
    }

    private String ask(StandInOpenfire openfire, String from, String type, String child) {
        return ask(openfire, from, type, SERVER, child);
    }

    private String ask(StandInOpenfire openfire, String from, String type, String to, String child) {
        stanzas++;
        return openfire.ask(
                "<iq from='" + from + "' to='" + to + "' id='" + stanzas + "' type='" + type + "'>" + child + "</iq>");
    }

    /** What the page shows beside {@code label}. */
    private static String shown(String page, String label) {
        Matcher row = Pattern.compile("<td[^>]*>" + Pattern.quote(label) + "</td>\\s*<td[^>]*>\\s*<div>([^<]*)</div>")
                .matcher(page);
        assertTrue(row.find(), page);
        return row.group(1);
    }

    private static Set<Thread> threadsBeside(Set<Thread> before) {
        Set<Thread> now = new HashSet<>(Thread.getAllStackTraces().keySet());
        now.removeAll(before);
        now.removeIf(thread -> thread.getName().startsWith("ForkJoinPool.commonPool")); // the JDK's
        return now;
    }

    private static long openFiles() {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(String otherwise, BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertTrue(Instant.now().isBefore(end), otherwise);
            Thread.sleep(100);
        }
    }
}
