package prekeeper.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import prekeeper.crypto.SecretBytes;
import prekeeper.metrics.Monitor;
import prekeeper.server.Reload;
import prekeeper.server.RunningParts;
import prekeeper.server.Server;
import prekeeper.server.Settings;
import prekeeper.server.SetupException;
import prekeeper.server.Watcher;
import prekeeper.store.H2Files;
import prekeeper.store.Inventory;
import prekeeper.store.PrekeyStore;
import prekeeper.xmpp.ComponentConnection;
import prekeeper.xmpp.InvalidInputException;

/** {@code prekeeper run}: serves until it is told to stop. */
@Command(
        name = "run",
        description = "Runs the server in the foreground until SIGTERM or SIGINT (Ctrl-C).",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @Mixin
    private ConfigOption config;

    @Option(names = "--log-json", description = "logs an object of JSON a line, for a collector of logs")
    private boolean logJson;

    private final Console console;

    RunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws SetupException, InterruptedException {
        EventLog.begin(console, logJson);
        Settings settings;
        try {
            settings = config.load(console, warning -> LOG.warn("{}", warning));
            RightUser.require(settings.store());
        } catch (SetupException wrong) {
            Main.tell(console, wrong);
            return Main.CONFIGURATION;
        }
        try (RunningParts parts = new RunningParts()) {
            // before the first part: a signal during the start stops what is there by then
            Runtime.getRuntime().addShutdownHook(new Thread(parts::close, "shutdown"));
            Optional<Monitor> monitor = openMonitor(settings, parts);
            Server server = Server.start(
                    settings,
                    ComponentConnection.to(settings.connection().orElseThrow()), // a file has one
                    new Watcher() {
                        @Override
                        public void opened(Inventory inventory) {
                            openControlSocket(settings, inventory, parts);
                        }

                        @Override
                        public PrekeyStore store(PrekeyStore store) {
                            return monitor.map(meters -> meters.timed(store)).orElse(store);
                        }

                        @Override
                        public Optional<Rereading> rereading() {
                            return Optional.of(RunCommand.this::reload);
                        }
                    },
                    parts,
                    warning -> LOG.warn("{}", warning));
            monitor.ifPresent(meters -> parts.add("counter of the stock", watch(meters, server)));
            server.commands().rereading().ifPresent(rereading -> HangUp.handle(() -> hungUp(rereading)));
            ServiceManager.ready(console.environment());
            parts.awaitClosed();
        } catch (CancellationException stopped) {
            return Main.DONE;
        }
        return Main.DONE;
    }

    /** First, so that an address that is in use is told before anything is done; and closed last. */
    private static Optional<Monitor> openMonitor(Settings settings, RunningParts parts) throws SetupException {
        if (settings.metrics().isEmpty()) {
            return Optional.empty();
        }
        Settings.Metrics where = settings.metrics().get();
        InetSocketAddress address = new InetSocketAddress(where.host(), where.port());
        try {
            Monitor monitor =
                    parts.add("endpoint for metrics", Monitor.open(address, prekeeper.server.Version.current()));
            LOG.info("metrics are served at {}:{}", where.host(), where.port());
            return Optional.of(monitor);
        } catch (IOException | UnresolvedAddressException e) {
            throw new SetupException(
                    "metrics can not be served at " + where.host() + ":" + where.port() + ": "
                            + (address.isUnresolved() ? "no such host" : e.getMessage()),
                    "choose another address with prekeeper.metrics.host and prekeeper.metrics.port");
        }
    }

    /** The log says what came of it. */
    private static void hungUp(Supplier<String> rereading) {
        try {
            var unused = rereading.get();
        } catch (InvalidInputException told) {
            LOG.debug("the configuration is wrong");
        } catch (RuntimeException defect) {
            LOG.error("reading the configuration failed; this is a defect of the server, please report it:", defect);
        }
    }

    /** Reads the configuration again; one that is wrong changes nothing. Logs what came of it, and says it. */
    private synchronized String reload(Function<Settings, Reload> inForce) {
        try {
            Settings now = config.load(console, warning -> LOG.warn("{}", warning));
            Reload reload = inForce.apply(now);
            now.link().ifPresent(link -> link.secret().close());
            now.store().password().ifPresent(SecretBytes::close);
            String taken = reload.takenOver().isEmpty() ? "what was before" : String.join(", ", reload.takenOver());
            String later = String.join(", ", reload.atRestart());
            LOG.info("read the configuration again; in force now: {}", taken);
            if (!later.isEmpty()) {
                LOG.warn("changed and not in force before a restart: {}", later);
            }
            return "In force now: " + taken + "."
                    + (later.isEmpty() ? "" : " Changed and not in force before a restart: " + later + ".");
        } catch (SetupException wrong) {
            wrong.problems().forEach(problem -> LOG.error("{}", problem));
            LOG.error("the configuration was read again and is wrong: what was in force before is");
            throw new InvalidInputException("What was in force before is, since the configuration is wrong: "
                    + String.join("; ", wrong.problems()));
        }
    }

    private static AutoCloseable watch(Monitor monitor, Server server) {
        return monitor.watch(
                server.commands().tally(),
                server.limits(),
                server.work(),
                server.connection(),
                server.inventory(),
                InstantSource.system());
    }

    private static void openControlSocket(Settings settings, Inventory inventory, RunningParts parts) {
        H2Files.control(settings.store())
                .ifPresent(file -> parts.add("control socket", ControlSocket.open(file, inventory::backUp)));
    }
}
