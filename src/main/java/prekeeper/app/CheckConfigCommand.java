package prekeeper.app;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import prekeeper.server.Exposure;
import prekeeper.server.KeyFile;
import prekeeper.server.Settings;
import prekeeper.server.SetupException;
import prekeeper.store.Quotas;
import prekeeper.xmpp.Limits;
import prekeeper.xmpp.RateLimit;

/** {@code prekeeper check-config}: every problem, or a summary without secrets. */
@Command(
        name = "check-config",
        description = "Tells everything that is wrong with a configuration, or what it amounts to.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class CheckConfigCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config;

    private final Console console;

    CheckConfigCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws SetupException {
        Settings settings = config.load(console);
        String keyFile = keyFile(settings.keyFile());
        Settings.Link link = settings.link().orElseThrow(); // a file has one
        console.result("configuration is fine");
        console.result("  component   " + settings.jid() + " at " + link.host() + ":" + link.port());
        console.result("  store       " + settings.store().url());
        console.result("  key file    " + keyFile);
        console.result("  publishers  " + settings.publishers().domains());
        console.result("  retrievers  " + settings.retrievers().domains());
        console.result(
                "  admins      " + (settings.admins().isEmpty() ? "none" : String.join(", ", settings.admins())));
        console.result("  limits      " + limits(settings.limits()));
        console.result("  metrics     "
                + settings.metrics()
                        .map(where -> "http://" + inUrl(where.host()) + ":" + where.port() + "/metrics")
                        .orElse("off"));
        return Main.DONE;
    }

    /** An address of IPv6 stands in brackets there. */
    private static String inUrl(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    /** Those that were changed. */
    private static String limits(Limits limits) {
        String rates = Stream.of(RateLimit.values())
                .filter(limit -> !limits.rates().get(limit).equals(limit.byDefault()))
                .map(limit -> limit.setting() + " " + limits.rates().get(limit))
                .collect(Collectors.joining("; "));
        Quotas quotas = limits.stock().quotas();
        return "%d prekey messages a device, %d devices an account, %d bytes a publication, low at %d; rates: %s"
                .formatted(
                        quotas.prekeyMessages(),
                        quotas.devices(),
                        limits.stock().publicationBytes(),
                        limits.stock().lowMark(),
                        rates.isEmpty() ? "by default" : rates);
    }

    private String keyFile(Path file) throws SetupException {
        if (!KeyFile.isThere(file)) {
            return file + " (will be made on first start)";
        }
        KeyFile.load(file).close();
        console.warnings(Exposure.toAnybodyElse(file).map(List::of).orElse(List.of()));
        return file.toString();
    }
}
