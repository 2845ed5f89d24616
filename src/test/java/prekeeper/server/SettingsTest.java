package prekeeper.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import prekeeper.crypto.SecretBytes;
import prekeeper.service.StockLimits;
import prekeeper.store.Quotas;
import prekeeper.store.StoreSettings;
import prekeeper.xmpp.ContactKind;
import prekeeper.xmpp.DomainList;
import prekeeper.xmpp.Limits;
import prekeeper.xmpp.Rate;
import prekeeper.xmpp.RateLimit;

class SettingsTest {
    private static final Path SHIPPED = Path.of("conf", "prekeeper.conf");
    private static final Map<String, String> SECRET = Map.of("PREKEEPER_COMPONENT_SECRET", "from the environment");
    private static final String LEAST = "prekeeper.component { jid = prekey.example.org, secret = hunter2 }";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("prekeeper.conf");
    }

    @Test
    void whatIsNotSetHasItsDefault() throws Exception {
        assertDefaults(load(LEAST));
    }

    @Test
    void pathsCountFromTheFolderOfTheConfiguration() throws Exception {
        Settings settings = load(LEAST + """

                prekeeper.store.url = "jdbc:h2:file:./data/prekeys"
                prekeeper.key-file = "data/identity.key"
                """);
        assertEquals(
                "jdbc:h2:file:" + folder.resolve("data/prekeys"),
                settings.store().url());
        assertEquals(folder.resolve("data/identity.key"), settings.keyFile());
        for (String url : List.of("jdbc:h2:file:/srv/prekeys", "jdbc:h2:file:~/prekeys", "jdbc:h2:mem:prekeys")) {
            assertEquals(
                    url,
                    load(LEAST + "\nprekeeper.store.url = \"" + url + "\"\n")
                            .store()
                            .url());
        }
    }

    @Test
    void theShippedConfigurationShowsTheDefaults() throws Exception {
        assertDefaults(Settings.load(SHIPPED, SECRET));
        String uncommented = Pattern.compile("^( *)#(?=[a-z}])", Pattern.MULTILINE)
                .matcher(Files.readString(SHIPPED))
                .replaceAll("$1");
        assertTrue(uncommented.contains("\n  admins = []"), uncommented);
        assertTrue(uncommented.contains("\n    handshakes { burst = 60, per-hour = 120 }"), uncommented);
        write(uncommented);
        assertDefaults(Settings.load(file, SECRET));
    }

    @Test
    void theShippedConfigurationNamesEverySetting() throws Exception {
        String shipped = Files.readString(SHIPPED);
        for (RateLimit limit : RateLimit.values()) {
            assertTrue(shipped.contains(limit.setting() + " { burst = "), limit.setting());
        }
        for (ContactKind kind : ContactKind.values()) {
            assertTrue(shipped.contains(kind.setting() + " = []"), kind.setting());
        }
        for (String name : List.of(
                "component {",
                "jid =",
                "host =",
                "port =",
                "secret =",
                "secret-file =",
                "store {",
                "url =",
                "user =",
                "password =",
                "password-file =",
                "takings-file =",
                "key-file =",
                "publishers { domains",
                "retrievers { domains",
                "admins =",
                "mark =",
                "announce =",
                "prekey-messages =",
                "devices =",
                "publication-bytes =",
                "fragment-length =",
                "enabled =",
                "beyond-loopback =",
                SettingsReader.COMPONENT_SECRET,
                SettingsReader.STORE_PASSWORD)) {
            assertTrue(shipped.contains(name), name);
        }
    }

    @Test
    void everySettingIsRead() throws Exception {
        Settings settings = load("""
                prekeeper {
                  component { jid = "Prekey.Example.ORG", host = "xmpp.example.org", port = 15347, secret = "s 1" }
                  store { url = "jdbc:h2:mem:one", user = "keeper", password = "p 2" }
                  key-file = "keys/identity.key"
                  publishers { domains = ["Example.ORG", "*.example.net"] }
                  retrievers { domains = [] }
                  admins = ["Admin@Example.ORG"]
                  contacts { abuse = ["mailto:abuse@example.org", "xmpp:admin@example.org"], sales = [] }
                  low-stock { mark = 3, announce = false }
                  limits {
                    handshakes { burst = 1 }
                    retrievals-per-target { burst = 2, per-hour = 3 }
                    prekey-messages = 4
                    devices = 5
                    publication-bytes = 6000
                  }
                  fragment-length = 100
                  metrics { enabled = true, host = "::1", port = 9000 }
                }
                """);
        assertEquals(Optional.of(new Settings.Metrics("::1", 9000)), settings.metrics());
        assertEquals("prekey.example.org", settings.jid());
        assertEquals("xmpp.example.org", settings.link().orElseThrow().host());
        assertEquals(15347, settings.link().orElseThrow().port());
        assertSecret("s 1", settings.link().orElseThrow().secret());
        assertEquals("jdbc:h2:mem:one", settings.store().url());
        assertEquals(Optional.of("keeper"), settings.store().user());
        assertSecret("p 2", settings.store().password().orElseThrow());
        assertEquals(folder.resolve("keys/identity.key"), settings.keyFile());
        assertEquals(
                DomainList.of("example.org", "*.example.net"),
                settings.publishers().domains());
        assertEquals(DomainList.of(), settings.retrievers().domains());
        assertEquals(List.of("admin@example.org"), settings.admins());
        assertEquals(
                Map.of(ContactKind.ABUSE, List.of("mailto:abuse@example.org", "xmpp:admin@example.org")),
                settings.contacts());
        assertEquals(
                new Limits(
                        Map.of(
                                RateLimit.HANDSHAKES,
                                new Rate(1, RateLimit.HANDSHAKES.byDefault().perHour()),
                                RateLimit.RETRIEVALS_OF_TARGET,
                                new Rate(2, 3)),
                        new StockLimits(new Quotas(4, 5), 6_000, 3),
                        false,
                        OptionalInt.of(100)),
                settings.limits());
    }

    @Test
    void everyProblemIsToldAtOnceInTheOrderOfTheLines() throws Exception {
        write("""
                prekeeper {
                  component {
                    jid = "eva@example.org"
                    prot = 5347
                    port = "abc"
                    host = ["a"]
                    secret = hunter2
                  }
                  store { url = "jdbc:h2:file:/x;PASSWORD=hunter2", pasword = hunter2 }
                  key-file { }
                  publishers { domains = "example.org" }
                  retrievers { domains = ["example.org", "a b",
                    7] }
                  admins = ["example.org", "eva@example.org/phone"]
                  contacts { abuse = ["abuse@example.org"], chief = [] }
                  limits { handshakes { burst = 0, per_hour = 1 }, devices = many, publication-bytes = 4095 }
                  low-stock { mark = -1, announce = maybe }
                  fragment-length = 99
                }
                logging = true
                """);
        assertProblems(
                ":3: prekeeper.component.jid is \"eva@example.org\", a domain such as \"prekey.example.org\" expected",
                ":4: prekeeper.component.prot: unknown setting; did you mean port?",
                ":5: prekeeper.component.port is \"abc\", a number from 1 to 65535 expected",
                ":6: prekeeper.component.host is a list, a host name or an address expected",
                ":9: prekeeper.store.pasword: unknown setting; did you mean password?",
                ":9: prekeeper.store.url: database url jdbc:h2:file:... has settings behind a semicolon, allowed are"
                        + " jdbc:h2:file:PATH, jdbc:h2:mem:NAME and jdbc:postgresql://HOST[:PORT]/DATABASE without any",
                ":10: prekeeper.key-file is a block, the path of a file expected",
                ":11: prekeeper.publishers.domains is \"example.org\", a list of domains such as [\"example.org\"] expected",
                ":12: prekeeper.retrievers.domains has \"a b\", a domain, \"*.domain\" or \"*\" expected",
                ":14: prekeeper.admins has \"example.org\", an address such as \"admin@example.org\" expected",
                ":14: prekeeper.admins has \"eva@example.org/phone\", an address such as \"admin@example.org\" expected",
                ":15: prekeeper.contacts.chief: unknown setting; known here: abuse, admin, feedback, sales, security,"
                        + " status, support",
                ":15: prekeeper.contacts.abuse has \"abuse@example.org\", a URI such as \"mailto:admin@example.org\" or"
                        + " \"xmpp:admin@example.org\" expected",
                ":16: prekeeper.limits.handshakes.per_hour: unknown setting; did you mean per-hour?",
                ":16: prekeeper.limits.handshakes.burst is 0, a number from 1 to 1000000 expected",
                ":16: prekeeper.limits.devices is \"many\", a number from 1 to 1000 expected",
                ":16: prekeeper.limits.publication-bytes is 4095, a number from 4096 to 131072 expected",
                ":17: prekeeper.low-stock.mark is -1, a number from 0 to 100000 expected",
                ":17: prekeeper.low-stock.announce is \"maybe\", true or false expected",
                ":18: prekeeper.fragment-length is 99, a number from 100 to 1000000 expected",
                ":20: logging: unknown setting; known here: prekeeper");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "::1"})
    void metricsAreShownOnTheLoopback(String host) throws Exception {
        assertEquals(
                Optional.of(new Settings.Metrics(host, 9431)),
                load(LEAST + "\nprekeeper.metrics { enabled = true, host = \"" + host + "\" }")
                        .metrics());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "metrics.example.org", "127.0.0.1.example.org"})
    void metricsAreShownElsewhereOnlyWhereThatIsAllowed(String host) throws Exception {
        write(LEAST + "\nprekeeper.metrics { enabled = false, host = \"" + host + "\" }");
        assertProblems(":2: prekeeper.metrics.host is \"" + host + "\", an address of the loopback such as"
                + " \"127.0.0.1\", or beyond-loopback = true beside it, expected");
        assertEquals(
                Optional.of(new Settings.Metrics(host, 9431)),
                load(LEAST + "\nprekeeper.metrics { enabled = true, beyond-loopback = true, host = \"" + host + "\" }")
                        .metrics());
    }

    @Test
    void whatIsWrongWithMetricsIsToldWhereItStands() throws Exception {
        write(LEAST + "\nprekeeper.metrics { enabled = yes, hots = a, port = 0 }");
        assertProblems(
                ":2: prekeeper.metrics.hots: unknown setting; did you mean host?",
                ":2: prekeeper.metrics.enabled is \"yes\", true or false expected",
                ":2: prekeeper.metrics.port is 0, a number from 1 to 65535 expected");
    }

    @Test
    void whatIsRequiredAndMissingIsNamed() throws Exception {
        write("prekeeper { component { host = null } }");
        assertProblems(
                ": prekeeper.component.jid: required setting is missing",
                ": prekeeper.component.secret: required setting is missing; secret-file or the environment variable"
                        + " PREKEEPER_COMPONENT_SECRET will do as well");
    }

    @Test
    void aComponentWithoutAParentDomainNeedsItsPublishersNamed() throws Exception {
        write("prekeeper.component { jid = prekeys, secret = hunter2 }");
        assertProblems(
                ": prekeeper.publishers.domains: required setting is missing; \"prekeys\" has no parent domain to"
                        + " take instead");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "-1", "1.5", "99999999999", "true"})
    void aPortIsANumberFrom1To65535(String port) throws Exception {
        write(LEAST + "\nprekeeper.component.port = " + port);
        assertProblems(":2: prekeeper.component.port is " + port + ", a number from 1 to 65535 expected");
    }

    @Test
    void aBlockThatIsNoneIsReported() throws Exception {
        write(LEAST + "\nprekeeper.store = \"jdbc:h2:mem:x\"");
        assertProblems(":2: prekeeper.store is \"jdbc:h2:mem:x\", a block { ... } expected");
    }

    @Test
    void anIncludedFileIsReadAndNamedInItsErrors() throws Exception {
        Path included = Files.writeString(folder.resolve("more.conf"), "\n\nprekeeper.component.port = none\n");
        write(LEAST + "\ninclude \"more.conf\"");
        assertEquals(
                List.of(included + ":3: prekeeper.component.port is \"none\", a number from 1 to 65535 expected"),
                problems(Map.of()));
    }

    @Test
    void environmentVariablesAreSubstitutedAndNamedInErrors() throws Exception {
        write(LEAST + "\nprekeeper.component { host = ${?HOST}, port = ${?PORT} }");
        assertEquals(
                15347,
                Settings.load(file, Map.of("PORT", "15347"))
                        .link()
                        .orElseThrow()
                        .port());
        assertEquals(
                List.of(
                        "environment variable PORT: prekeeper.component.port is \"x\", a number from 1 to 65535 expected"),
                problems(Map.of("PORT", "x")));
    }

    @ParameterizedTest
    @CsvSource({"'prekeeper { secret = \"hunter2', 1", "'prekeeper {\n secret = hunter2$x\n}', 2"})
    void whatIsNoHoconIsToldWithItsLineAndWithoutItsText(String content, int line) throws Exception {
        write(content);
        assertProblems(":" + line + ": not valid HOCON here or in the line before; look for a missing quote, brace or"
                + " bracket, and for special characters outside quotes");
    }

    @Test
    void aReferenceToNothingIsTold() throws Exception {
        write("prekeeper {\n component.jid = ${JID}\n}");
        assertProblems(":2: ${...} refers to no setting and no environment variable; ${?...} would leave it out");
    }

    @Test
    void aFileThatIsNotThereIsTold() {
        assertEquals(List.of(file + ": no such file"), problems(Map.of()));
    }

    @Test
    void secretsComeFromFilesWithoutTheirLineEnd() throws Exception {
        secretFile("component.secret", "hunter2\n", "rw-------");
        secretFile("store.password", "p w\r\n", "rw-r-----");
        Settings settings = load("""
                prekeeper.component { jid = prekey.example.org, secret-file = component.secret }
                prekeeper.store { password-file = "store.password" }
                """);
        assertSecret("hunter2", settings.link().orElseThrow().secret());
        assertSecret("p w", settings.store().password().orElseThrow());
        assertEquals(List.of(), settings.warnings());
    }

    @Test
    void theEnvironmentWinsOverFileAndSetting() throws Exception {
        write("""
                prekeeper.component { jid = prekey.example.org, secret-file = "none" }
                prekeeper.store { password = "p" }
                """);
        Settings settings = Settings.load(
                file, Map.of("PREKEEPER_COMPONENT_SECRET", "sécret", "PREKEEPER_STORE_PASSWORD", "password"));
        assertSecret("sécret", settings.link().orElseThrow().secret());
        assertSecret("password", settings.store().password().orElseThrow());
        assertEquals(
                List.of("environment variable PREKEEPER_STORE_PASSWORD: empty, a secret expected"),
                problems(Map.of("PREKEEPER_COMPONENT_SECRET", "s", "PREKEEPER_STORE_PASSWORD", "")));
    }

    @Test
    void aSecretFromTwoPlacesIsRefused() throws Exception {
        secretFile("secret", "s", "rw-------");
        write(
                LEAST
                        + "\nprekeeper.component.secret-file = secret\nprekeeper.store { password = p, password-file = secret }");
        assertProblems(
                ":2: prekeeper.component.secret-file: secret is set as well, only one of them is allowed",
                ":3: prekeeper.store.password-file: password is set as well, only one of them is allowed");
    }

    @Test
    void aSecretFileThatHoldsNoSecretIsTold() throws Exception {
        Path secret = folder.resolve("secret");
        write("prekeeper.component { jid = prekey.example.org, secret-file = secret }");
        String start = ":1: prekeeper.component.secret-file: " + secret + ": ";
        assertProblems(start + "no such file");
        secretFile("secret", "\n", "rw-------");
        assertProblems(start + "empty, a secret expected");
        secretFile("secret", "one\ntwo\n", "rw-------");
        assertProblems(start + "more than one line, a secret alone expected");
        secretFile("secret", "x".repeat(5000), "rw-------");
        assertProblems(start + "longer than 4096 bytes");
        Files.delete(secret);
        Files.createDirectory(secret);
        assertProblems(start + "no file that this user can read");
        write("prekeeper.component { jid = prekey.example.org, secret = [hunter2] }");
        assertProblems(":1: prekeeper.component.secret is empty, a list or a block, a text in quotes expected");
    }

    @Test
    void aSecretThatEverybodyCanReadIsWarnedOf() throws Exception {
        Path secret = secretFile("secret", "hunter2", "rw-r--r--");
        Settings settings = load("prekeeper.component { jid = prekey.example.org, secret-file = secret }");
        assertEquals(
                List.of(secret + ": open to every user of this machine; run chmod o-rwx " + secret),
                settings.warnings());
        write(LEAST);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(
                List.of(file + ": open to every user of this machine; run chmod o-rwx " + file
                        + "; it holds prekeeper.component.secret"),
                Settings.load(file, Map.of()).warnings());
    }

    @Test
    void settingsPrintNoSecret() throws Exception {
        Settings settings = load(LEAST + "\nprekeeper.store.password = hunter2");
        assertTrue(settings.toString().contains("prekey.example.org"));
        assertFalse(settings.toString().contains("hunter2"), settings.toString());
    }

    private static void assertDefaults(Settings settings) {
        assertEquals("prekey.example.org", settings.jid());
        assertEquals("127.0.0.1", settings.link().orElseThrow().host());
        assertEquals(5347, settings.link().orElseThrow().port());
        assertEquals(
                new StoreSettings(
                        "jdbc:h2:file:/var/lib/prekeeper/prekeys",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Path.of("/var/lib/prekeeper/identity.key.takings"))),
                settings.store());
        assertEquals(Path.of("/var/lib/prekeeper/identity.key"), settings.keyFile());
        assertEquals(DomainList.of("example.org"), settings.publishers().domains());
        assertEquals(DomainList.of("*"), settings.retrievers().domains());
        assertEquals(List.of(), settings.admins());
        assertEquals(Map.of(), settings.contacts());
        assertEquals(Limits.DEFAULT, settings.limits());
        assertEquals(Optional.empty(), settings.metrics());
        assertEquals(List.of(), settings.warnings());
    }

    private static void assertSecret(String expected, SecretBytes secret) {
        assertTrue(secret.matches(expected.getBytes(StandardCharsets.UTF_8)));
    }

    /** The problems, each behind the name of the file; none of them may quote a secret. */
    private void assertProblems(String... expected) {
        List<String> problems = problems(Map.of());
        assertEquals(String.join("\n", expected), String.join("\n", problems).replace(file.toString() + ":", ":"));
        assertFalse(problems.toString().contains("hunter2"));
    }

    private List<String> problems(Map<String, String> environment) {
        return assertThrows(SetupException.class, () -> Settings.load(file, environment))
                .problems();
    }

    private Settings load(String content) throws IOException, SetupException {
        write(content);
        return Settings.load(file, Map.of());
    }

    private void write(String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }

    private Path secretFile(String name, String content, String permissions) throws IOException {
        Path secret = Files.writeString(folder.resolve(name), content);
        return Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(permissions));
    }
}
