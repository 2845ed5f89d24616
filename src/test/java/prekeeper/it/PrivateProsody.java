package prekeeper.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Prosody of our own. Its limits are those it has when nothing is configured. */
public final class PrivateProsody extends XmppServer {
    private final Path configuration;

    private PrivateProsody(Scratch scratch, String more) throws IOException {
        super(scratch, "prosody");
        Files.createDirectories(folder());
        configuration = scratch.folder().resolve("prosody.cfg.lua");
        Files.writeString(configuration, configuration(more));
    }

    /** Starts one in {@code scratch} and waits until both ports answer. */
    public static PrivateProsody start(Scratch scratch) throws IOException {
        return start(scratch, "");
    }

    /** One that passes on stanzas of up to {@link #LENIENT_STANZA_BYTES}, so that a component has to bound them itself. */
    static PrivateProsody startLenient(Scratch scratch) throws IOException {
        return start(scratch, """
                c2s_stanza_size_limit = %1$d
                component_stanza_size_limit = %1$d
                """.formatted(LENIENT_STANZA_BYTES));
    }

    /** @param more of its configuration, what is set there replaces what is set before */
    static PrivateProsody start(Scratch scratch, String more) throws IOException {
        PrivateProsody prosody = new PrivateProsody(scratch, more);
        prosody.start();
        return prosody;
    }

    @Override
    List<String> command() {
        return List.of("prosody", "-F", "--config", configuration.toString());
    }

    @Override
    boolean isReady() {
        return answers(clientPort()) && answers(componentPort());
    }

    @Override
    void add(Account account) throws IOException {
        // the layout of Prosody's internal storage; starting prosodyctl costs half a second an account
        Path accounts = folder().resolve(account.host().replace(".", "%2e")).resolve("accounts");
        Files.createDirectories(accounts);
        Files.writeString(
                accounts.resolve(account.name() + ".dat"),
                "return {\n\t[\"password\"] = \"" + account.password() + "\";\n};\n");
    }

    private String configuration(String more) {
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
                %8$s
                VirtualHost "%4$s"
                VirtualHost "%5$s"
                Component "%6$s"
                    component_secret = "%7$s"
                Component "%9$s"
                    component_secret = "%7$s"
                """.formatted(
                        folder(),
                        clientPort(),
                        componentPort(),
                        HOST,
                        OTHER_HOST,
                        COMPONENT,
                        componentSecret(),
                        more,
                        UNLISTED_COMPONENT);
    }
}
