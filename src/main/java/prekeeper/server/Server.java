package prekeeper.server;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.SecretBytes;
import prekeeper.service.Housekeeping;
import prekeeper.service.PrekeyService;
import prekeeper.service.ServerIdentity;
import prekeeper.service.Tally;
import prekeeper.store.Inventory;
import prekeeper.store.JdbcPrekeyStore;
import prekeeper.store.SpentPrekeys;
import prekeeper.wire.ClientMessage;
import prekeeper.xmpp.AccessRules;
import prekeeper.xmpp.AdminNotices;
import prekeeper.xmpp.BlockedPeers;
import prekeeper.xmpp.DomainPolicy;
import prekeeper.xmpp.LiveLimits;
import prekeeper.xmpp.PrekeyComponent;
import prekeeper.xmpp.ServerConnection;
import prekeeper.xmpp.ServerDescription;
import prekeeper.xmpp.TinderAccounts;
import prekeeper.xmpp.WorkInFlight;
import prekeeper.xmpp.command.Commands;
import prekeeper.xmpp.command.RunningServer;

/**
 * A prekey server that runs, with what whoever runs it may want of it. Thread-safe.
 *
 * @param commands what can be done to it and seen of it
 * @param inventory what is stored
 * @param limits in force; may be changed
 * @param work that it has taken on
 * @param connection to the XMPP server
 */
public record Server(
        Commands commands, Inventory inventory, LiveLimits limits, WorkInFlight work, ServerConnection connection) {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /**
     * Puts the parts together, from the bottom of the house to the top, starts each and returns.
     *
     * @param connection how the component meets its XMPP server
     * @param watcher is shown the store
     * @param parts takes each part over, also when a later one does not start
     * @param warnings takes lines about what works and should be changed all the same
     * @throws SetupException when a part can not start
     * @throws prekeeper.store.StorageException when that part is the store
     */
    public static Server start(
            Settings settings,
            ServerConnection.Maker connection,
            Watcher watcher,
            RunningParts parts,
            Consumer<String> warnings)
            throws SetupException {
        long startedAt = System.nanoTime();
        SecureRandom random = new SecureRandom();
        boolean isNew = !KeyFile.isThere(settings.keyFile());
        Ed448KeyPair longTerm = parts.add("identity key", identity(settings.keyFile(), random, warnings));
        InstantSource clock = InstantSource.system();
        AdminNotices notices = parts.add("notices", new AdminNotices(settings.jid(), settings.admins(), clock));
        JdbcPrekeyStore store =
                parts.add("store", JdbcPrekeyStore.open(settings.store(), spent -> tell(notices, spent)));
        if (isNew) {
            tellOfNewKey(notices, settings.keyFile(), store.inventory());
        }
        watcher.opened(store.inventory());
        parts.add("housekeeping", new Housekeeping(store.inventory(), clock, random))
                .start();
        LiveLimits limits = new LiveLimits(settings.limits());
        BlockedPeers blocked = new BlockedPeers(store.blockList(), clock);
        AccessRules rules = new AccessRules(domains(settings), blocked, limits, clock);
        Tally tally = new Tally(new PrekeyService(
                new ServerIdentity(settings.jid(), longTerm),
                watcher.store(store),
                new TinderAccounts(),
                rules,
                limits::stock,
                clock,
                random));
        ServerDescription description = ServerDescription.of(
                settings.jid(),
                longTerm.publicKey().point(),
                Version.current(),
                ClientMessage.MOST_BYTES,
                settings.contacts());
        AtomicReference<ServerConnection> made = new AtomicReference<>();
        RunningServer about = new RunningServer(
                description,
                () -> Duration.ofNanos(System.nanoTime() - startedAt),
                () -> made.get().status(),
                notices::remembered);
        Function<Settings, Reload> inForce = now -> Reload.into(limits, rules, settings, now);
        Commands commands = new Commands(
                Set.copyOf(settings.admins()),
                about,
                tally,
                store.inventory(),
                blocked,
                limits,
                clock,
                watcher.rereading().map(rereading -> () -> rereading.reread(inForce)));
        WorkInFlight work = PrekeyComponent.room();
        made.set(parts.add(
                "connection to the XMPP server",
                connection.make(
                        PrekeyComponent.create(tally, description, limits, commands.administration(), clock, work),
                        notices)));
        made.get().start();
        LOG.info("started as {}", settings.jid());
        parts.add(
                "log",
                () -> LOG.info("stopping; what is in flight is finished first")); // the last part is the first to stop
        return new Server(commands, store.inventory(), limits, work, made.get());
    }

    static DomainPolicy domains(Settings settings) {
        return new DomainPolicy(
                settings.publishers().domains(), settings.retrievers().domains());
    }

    private static void tell(AdminNotices notices, SpentPrekeys spent) {
        String text =
                "the database is older than what was handed out (was a backup put back?): all " + spent.prekeyMessages()
                        + " prekey messages in it are marked as spent, since any of them may have been handed out before; people can"
                        + " not be written to until their clients publish new ones; if nobody put a backup back, check the disk";
        LOG.error("{}", text);
        send(notices, text);
    }

    /** A store that is older than the key was probably moved here without it. */
    private static void tellOfNewKey(AdminNotices notices, Path file, Inventory inventory) {
        if (inventory.counts().devices() == 0) {
            LOG.info("made a new identity key, {}; keep a copy of it in a safe place", file);
            return;
        }
        String text =
                "made a new identity key, " + file + ", for a database that has devices already; if this server had"
                        + " another key before, put its copy there and restart, or everybody has to compare fingerprints again";
        LOG.warn("{}", text);
        send(notices, text);
    }

    private static void send(AdminNotices notices, String text) {
        notices.tell("Prekeeper at this address: " + text + ".");
    }

    private static Ed448KeyPair identity(Path file, SecureRandom random, Consumer<String> warnings)
            throws SetupException {
        try (SecretBytes key = KeyFile.loadOrCreate(file, random)) {
            Exposure.toAnybodyElse(file).ifPresent(warnings);
            return Ed448KeyPair.fromSymmetricKey(key);
        }
    }
}
