package prekeeper.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import prekeeper.trial.Aim;
import prekeeper.trial.Reach;
import prekeeper.trial.Reach.Tls;

/** The options of commands that log in as clients do. */
final class ReachOptions {
    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "the XMPP server, in place of what the SRV records of the accounts' domains say")
    private Optional<String> host = Optional.empty();

    @Option(names = "--port", paramLabel = "N", description = "where it listens for clients; by default 5222")
    private Optional<Integer> port = Optional.empty();

    @Option(
            names = "--tls",
            paramLabel = "required|unchecked|none",
            defaultValue = "required",
            converter = TlsName.class,
            description = {
                "required: with a certificate for the domain that this machine trusts (the default)",
                "unchecked: with any certificate",
                "none: without TLS, on this machine only"
            })
    private Tls tls;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * How to come to the server.
     *
     * @throws ParameterException when the options make no sense, or passwords would go over a network without TLS
     */
    Reach reach() {
        if (port.isPresent() && host.isEmpty()) {
            throw misused("--port is the one of a --host, and there is none");
        }
        if (port.filter(number -> number < 1 || number > 65_535).isPresent()) {
            throw misused("--port " + port.get() + " is no port");
        }
        if (tls == Tls.NONE && !isThisMachine()) {
            throw misused("--tls none would send passwords in the clear, and is for a --host on this machine");
        }
        return new Reach(host, port.orElse(Reach.USUAL_PORT), tls);
    }

    private ParameterException misused(String what) {
        return new ParameterException(command.commandLine(), what);
    }

    private boolean isThisMachine() {
        try {
            return host.isPresent() && Aim.isThisMachine(host.get(), InetAddress::getAllByName);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** By their names in lower case. */
    static final class TlsName implements ITypeConverter<Tls> {
        @Override
        public Tls convert(String value) {
            return Arrays.stream(Tls.values())
                    .filter(tls -> tls.name().toLowerCase(Locale.ROOT).equals(value))
                    .findFirst()
                    .orElseThrow(() ->
                            new TypeConversionException("'" + value + "' is none of required, unchecked and none"));
        }
    }
}
