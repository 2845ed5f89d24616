package prekeeper.app;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.SecretBytes;
import prekeeper.service.Housekeeping;
import prekeeper.service.PrekeyService;
import prekeeper.service.ServerIdentity;
import prekeeper.service.Tally;
import prekeeper.store.H2Files;
import prekeeper.store.JdbcPrekeyStore;
import prekeeper.store.SpentPrekeys;
import prekeeper.wire.ClientMessage;
import prekeeper.xmpp.AccessRules;
import prekeeper.xmpp.AdminNotices;
import prekeeper.xmpp.BlockedPeers;
import prekeeper.xmpp.ComponentConnection;
import prekeeper.xmpp.ConnectionSettings;
import prekeeper.xmpp.DomainPolicy;
import prekeeper.xmpp.LiveLimits;
import prekeeper.xmpp.PrekeyComponent;
import prekeeper.xmpp.ServerDescription;
import prekeeper.xmpp.TinderAccounts;
import prekeeper.xmpp.command.Commands;
import prekeeper.xmpp.command.RunningServer;

/** Puts the parts together, from the bottom of the house to the top, and hands each to {@link RunningParts}. */
final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Console console;
    private final RunningParts parts;
    private final SecureRandom random = new SecureRandom();
    private final long startedAt = System.nanoTime();

    Server(Console console, RunningParts parts) {
        this.console = console;
        this.parts = parts;
    }

    /**
     * Starts everything and returns.
     *
     * @throws SetupException when a part can not start; what was started before is stopped with {@link RunningParts}
     */
    void start(Settings settings) throws SetupException {
        Settings.Component component = settings.component();
        Ed448KeyPair longTerm = parts.add("identity key", identity(settings.keyFile()));
        InstantSource clock = InstantSource.system();
        AdminNotices notices = new AdminNotices(component.jid(), settings.admins(), clock);
        JdbcPrekeyStore store =
                parts.add("store", JdbcPrekeyStore.open(settings.store(), spent -> tell(notices, spent)));
        H2Files.control(settings.store())
                .ifPresent(file -> parts.add("control socket", ControlSocket.open(file, store.inventory()::backUp)));
        parts.add("housekeeping", new Housekeeping(store.inventory(), clock, random))
                .start();
        LiveLimits limits = new LiveLimits(settings.limits());
        BlockedPeers blocked = new BlockedPeers(store.blockList(), clock);
        Tally tally = new Tally(new PrekeyService(
                new ServerIdentity(component.jid(), longTerm),
                store,
                new TinderAccounts(),
                new AccessRules(
                        new DomainPolicy(
                                settings.publishers().domains(),
                                settings.retrievers().domains()),
                        blocked,
                        limits,
                        clock),
                limits::stock,
                clock,
                random));
        ServerDescription description = ServerDescription.of(
                component.jid(),
                longTerm.publicKey().point(),
                Main.Version.version(),
                ClientMessage.MOST_BYTES,
                settings.contacts());
        AtomicReference<ComponentConnection> current = new AtomicReference<>();
        Commands commands = new Commands(
                Set.copyOf(settings.admins()),
                new RunningServer(
                        description, this::runningFor, () -> current.get().status(), notices::remembered),
                tally,
                store.inventory(),
                blocked,
                limits,
                clock);
        ComponentConnection connection = parts.add(
                "connection to the XMPP server",
                new ComponentConnection(
                        PrekeyComponent.create(tally, description, limits, commands.administration(), clock),
                        connectionSettings(component),
                        notices));
        current.set(connection);
        connection.start();
        LOG.info("started as {}", component.jid());
    }

    private static void tell(AdminNotices notices, SpentPrekeys spent) {
        String text =
                "the database is older than what was handed out (was a backup put back?): all " + spent.prekeyMessages()
                        + " prekey messages in it are marked as spent, since any of them may have been handed out before; people can"
                        + " not be written to until their clients publish new ones; if nobody put a backup back, check the disk";
        LOG.error("{}", text);
        notices.tell("Prekeeper at this address: " + text + ".");
    }

    private Duration runningFor() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    private static ConnectionSettings connectionSettings(Settings.Component component) {
        return ConnectionSettings.of(
                component.jid(),
                component.host(),
                component.port(),
                new String(component.secret().toByteArray(), StandardCharsets.UTF_8));
    }

    private Ed448KeyPair identity(Path file) throws SetupException {
        boolean made = !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        try (SecretBytes key = KeyFile.loadOrCreate(file, random)) {
            if (made) {
                LOG.info("made a new identity key, {}; keep a copy of it in a safe place", file);
            }
            console.warnings(Exposure.toAnybodyElse(file).map(List::of).orElse(List.of()));
            return Ed448KeyPair.fromSymmetricKey(key);
        }
    }
}
