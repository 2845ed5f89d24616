package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProsodyTryIT extends TrySuite {
    private static final String NARROW = "c2s_stanza_size_limit = 8192";

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateProsody.start(scratch);
    }

    @Override
    XmppServer startNarrow(Scratch scratch) throws IOException {
        return PrivateProsody.start(scratch, NARROW);
    }

    @Test
    void anArchiveThatKeepsHandshakesIsNamed() throws Exception {
        // an archive that knows nothing of hints, to the archive's own code
        withModule("forget_hints", """
                local function forget(event)
                    event.stanza:maptags(function (tag) if tag.attr.xmlns ~= "urn:xmpp:hints" then return tag end end)
                end
                for _, event in ipairs{"pre-message/host", "message/full", "message/bare"} do
                    module:hook(event, forget, 1000)
                end
                """, "\"mam\", ");
        JsonObject archive = archiveStep(0);
        assertEquals("warning", archive.get("verdict").getAsString());
        assertContains(archive.get("cause").getAsString(), "the archive keeps handshakes");
    }

    @Test
    void anArchiveThatKeepsNothingIsNoMatter() throws Exception {
        withModule("nothing", "", "\"mam\", ");
        JsonObject archive = archiveStep(0);
        assertEquals("passed", archive.get("verdict").getAsString(), archive::toString);
        assertEquals("nothing", archive.get("detail").getAsString());
    }

    /** XEP-0478; Debian's Prosody does not announce its limits itself. */
    @Test
    void aPublicationIsCutToTheStanzasThatTheServerAnnounces() throws Exception {
        withModule("tell_limits", """
                module:hook("stream-features", function (event)
                    event.features:tag("limits", { xmlns = "urn:xmpp:stream-limits:0" })
                        :tag("max-bytes"):text("8192"):up():up()
                end)
                """, "", NARROW);
        assertEquals(0, tried().exitCode());
    }

    @Test
    void aSecondServerOfTheDomainIsTriedWhenItIsNamed() throws Exception {
        start(PrivateProsody.start(
                scratch(), "disco_items = { { \"%s\", \"another\" } }".formatted(XmppServer.UNLISTED_COMPONENT)));
        try (Scratch another = Scratch.create()) {
            var unused = RunningPrekeeper.startAs(
                    XmppServer.UNLISTED_COMPONENT,
                    another,
                    xmpp(),
                    "publishers.domains = [\"" + XmppServer.HOST + "\"]");
            Said said = tried("--server", XmppServer.UNLISTED_COMPONENT);
            assertEquals(0, said.exitCode(), said.said()::toString);
            assertEquals(
                    XmppServer.UNLISTED_COMPONENT, said.said().get("server").getAsString());
        }
    }

    @Test
    void aCertificateThatNobodyTrustsIsNamedAndCanBeLeftUnchecked() throws Exception {
        Path key = scratch().folder().resolve("key.pem");
        Path certificate = scratch().folder().resolve("certificate.pem");
        ChildProcess made = scratch()
                .start(
                        "openssl",
                        List.of(
                                "openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "rsa:2048",
                                "-nodes",
                                "-subj",
                                "/CN=anybody",
                                "-keyout",
                                key.toString(),
                                "-out",
                                certificate.toString()));
        assertEquals(0, made.awaitEnd(Duration.ofMinutes(1)), made::log);
        start(PrivateProsody.start(scratch(), """
                modules_enabled = { "disco", "roster", "saslauth", "ping", "carbons", "tls" }
                ssl = { key = "%s", certificate = "%s" }
                """.formatted(key, certificate)));
        tls("required");
        assertContains(tried().cause(), "its certificate is not trusted here");
        tls("unchecked");
        assertEquals(0, tried().exitCode());
    }

    /** As with a Prosody that has a certificate for another domain alone. */
    @Test
    void aServerWithWhichTlsCanNotBeAgreedIsNamed() throws Exception {
        start(PrivateProsody.start(scratch(), """
                modules_enabled = { "disco", "roster", "saslauth", "ping", "carbons", "tls" }
                """));
        tls("unchecked");
        assertContains(tried().cause(), "TLS fails (Received fatal alert: handshake_failure)");
    }

    private JsonObject archiveStep(int exitCode) throws IOException {
        Said said = tried();
        assertEquals(exitCode, said.exitCode(), said.said()::toString);
        return said.step("look for what the archive kept");
    }

    /** Starts a Prosody with a module of its own, and Prekeeper beside it. */
    private void withModule(String name, String code, String modules, String... more) throws IOException {
        Files.writeString(scratch().folder().resolve("mod_" + name + ".lua"), code);
        start(PrivateProsody.start(
                scratch(), """
                plugin_paths = { "%s" }
                modules_enabled = { "disco", "roster", "saslauth", "ping", "carbons", %s"%s" }
                default_archive_policy = true
                archive_store = "archive"
                %s
                """.formatted(scratch().folder(), modules, name, String.join("\n", more))));
    }
}
