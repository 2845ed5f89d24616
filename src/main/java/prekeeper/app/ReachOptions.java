package prekeeper.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import prekeeper.server.SetupException;
import prekeeper.trial.Reach;
import prekeeper.trial.Reach.Tls;

/** The options of commands that log in as clients do. */
final class ReachOptions {
    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "where the XMPP server is (by the domain's SRV records unless told)")
    private Optional<String> host = Optional.empty();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "" + Reach.USUAL_PORT,
            description = "its port for clients, with --host (${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--tls",
            paramLabel = "TLS",
            defaultValue = "required",
            converter = TlsConverter.class,
            description = {
                "required: with a certificate for the domain that this machine trusts (the default)",
                "unchecked: with any certificate",
                "none: without TLS, to this machine itself only"
            })
    private Tls tls;

    /**
     * How to come to the server.
     *
     * @throws SetupException when passwords would go over a network without TLS
     */
    Reach reach() throws SetupException {
        if (port < 1 || port > 65_535) {
            throw new SetupException("--port " + port + ": 1 to 65535 is allowed", "clients usually come to 5222");
        }
        if (tls == Tls.NONE && !isThisMachine()) {
            throw new SetupException(
                    "--tls none is for this machine itself: others could read the passwords",
                    "give --host 127.0.0.1, or another --tls");
        }
        return new Reach(host, port, tls);
    }

    private boolean isThisMachine() {
        try {
            return host.isPresent() && InetAddress.getByName(host.get()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** By their names in lower case. */
    static final class TlsConverter implements ITypeConverter<Tls> {
        @Override
        public Tls convert(String value) {
            return Tls.valueOf(value.toUpperCase(Locale.ROOT));
        }
    }
}
