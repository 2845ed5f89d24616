package prekeeper.app;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import prekeeper.server.RunningParts;
import prekeeper.server.Server;
import prekeeper.server.Settings;
import prekeeper.server.SetupException;
import prekeeper.server.Watcher;
import prekeeper.store.H2Files;
import prekeeper.store.Inventory;
import prekeeper.xmpp.ComponentConnection;
import prekeeper.xmpp.ConnectionSettings;

/** {@code prekeeper run}: serves until it is told to stop. */
@Command(
        name = "run",
        description = "Runs the server in the foreground until SIGTERM or SIGINT (Ctrl-C).",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class RunCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config;

    private final Console console;

    RunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws SetupException, InterruptedException {
        Settings settings = config.load(console);
        try (RunningParts parts = new RunningParts()) {
            // before the first part: a signal during the start stops what is there by then
            Runtime.getRuntime().addShutdownHook(new Thread(parts::close, "shutdown"));
            Server.start(
                    settings,
                    ComponentConnection.to(connection(settings)),
                    new Watcher() {
                        @Override
                        public void opened(Inventory inventory) {
                            openControlSocket(settings, inventory, parts);
                        }
                    },
                    parts,
                    warning -> console.warnings(List.of(warning)));
            parts.awaitClosed();
        } catch (CancellationException stopped) {
            return Main.DONE;
        }
        return Main.DONE;
    }

    private static void openControlSocket(Settings settings, Inventory inventory, RunningParts parts) {
        H2Files.control(settings.store())
                .ifPresent(file -> parts.add("control socket", ControlSocket.open(file, inventory::backUp)));
    }

    private static ConnectionSettings connection(Settings settings) {
        Settings.Link link = settings.link().orElseThrow(); // a file has one
        return ConnectionSettings.of(
                settings.jid(),
                link.host(),
                link.port(),
                new String(link.secret().toByteArray(), StandardCharsets.UTF_8));
    }
}
