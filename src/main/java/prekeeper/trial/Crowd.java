package prekeeper.trial;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jivesoftware.smack.SmackException.NoResponseException;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.packet.StanzaError;
import org.jxmpp.jid.DomainBareJid;
import org.jxmpp.jid.Jid;
import prekeeper.client.ReusedKeys;
import prekeeper.client.smack.PrekeyException;
import prekeeper.client.smack.PrekeyManager;
import prekeeper.client.smack.PrekeyServer;

/** All simulated users, as they come and as they leave; neither is measured. Several come at a time. Thread-safe. */
final class Crowd {
    /** At a time: enough to hide the network, few enough for a server that has other things to do. */
    private static final int AT_ONCE = 8;

    private static final Duration LONGEST_ARRIVAL = Duration.ofHours(1);
    private static final Duration LONGEST_FAREWELL = Duration.ofMinutes(2);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final long LOOK_MILLIS = 50;
    private static final int MOST_PROBLEMS = 10;
    private static final String RESOURCE = "prekeeper-load";
    /** More than are expected to be retrieved of one user, since chance is uneven. */
    private static final double STOCK_MARGIN = 1.25;

    private static final int LEAST_STOCK = 10;

    private final LoadSettings settings;
    private final Reach reach;
    private final SecureRandom random;
    private final Clock clock;
    private final CountDownLatch stop;
    /** Whoever is logged in. */
    private final List<LoadUser> present = new ArrayList<>();
    /** Of them, who has published. */
    private final List<LoadUser> ready = new ArrayList<>();

    private final Map<DomainBareJid, PrekeyServer> servers = new HashMap<>();
    private final Map<DomainBareJid, LoadException> serverless = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private Optional<String> hint = Optional.empty();
    private int unnamed;

    Crowd(LoadSettings settings, Reach reach, SecureRandom random, Clock clock, CountDownLatch stop) {
        this.settings = settings;
        this.reach = reach;
        this.random = random;
        this.clock = clock;
        this.stop = stop;
    }

    /**
     * Has all of {@code accounts} log in and publish a device, with a stock of prekey messages that should last.
     *
     * @return those who could
     * @throws LoadException when nobody could, with the reasons
     */
    List<LoadUser> arrive(List<Account> accounts) throws LoadException, InterruptedException {
        ReusedKeys keys = new ReusedKeys(settings.messages(), random);
        forEach(accounts, account -> arrive(account, accounts.size(), keys), LONGEST_ARRIVAL, stop);
        synchronized (this) {
            if (stop.getCount() == 0) {
                throw new LoadException(
                        List.of("ended before anything was measured"),
                        "devices that were published by then are forgotten again, or expire in a day");
            }
            if (ready.isEmpty()) {
                throw new LoadException(problems(), hint.orElse("nobody was ready in time"));
            }
            return List.copyOf(ready);
        }
    }

    private void arrive(Account account, int users, ReusedKeys keys) {
        String who = account + ": ";
        try {
            Login login = Login.open(account, reach, RESOURCE);
            LoadUser user = null;
            try {
                PrekeyServer server = serverOf(account, login);
                user = new LoadUser(login, server, settings.messages(), keys, random, clock);
                synchronized (this) {
                    present.add(user);
                }
            } finally {
                if (user == null) {
                    login.close();
                }
            }
            user.publishDevice(stock(user.server(), users));
            synchronized (this) {
                ready.add(user);
            }
        } catch (LoginException e) {
            problem(e.getMessage(), e.hint());
        } catch (LoadException e) {
            problem(e.problems().get(0), e.hint());
        } catch (XMPPErrorException
                | NoResponseException
                | NotConnectedException
                | PrekeyException
                | RuntimeException e) {
            Outcome outcome = Outcome.of(e);
            problem(
                    outcome instanceof Outcome.Failed failed
                            ? who + "could not publish a device: " + failed.why()
                            : who + "the prekey server refused to take a device",
                    "it may publish for other domains, have enough devices of this account, or a limit in the way");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopped
        }
    }

    /** What is published beforehand, so that retrievals find something; nobody has to fill it up while it is measured. */
    private int stock(PrekeyServer server, int users) {
        double retrievals =
                settings.rates().get(LoadKind.RETRIEVALS) * settings.duration().toSeconds() / users;
        if (retrievals == 0) {
            return 0;
        }
        int room = LoadUser.most(server) - (settings.rates().get(LoadKind.PUBLICATIONS) > 0 ? settings.messages() : 0);
        return (int) Math.max(0, Math.min(room, Math.ceil(retrievals * STOCK_MARGIN) + LEAST_STOCK));
    }

    /** The one of the account's domain, which is asked once for all of its accounts, or the one that was named. */
    private PrekeyServer serverOf(Account account, Login login)
            throws LoadException, NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException {
        DomainBareJid domain = account.jid().asDomainBareJid();
        synchronized (servers) {
            PrekeyServer known = servers.get(domain);
            if (known != null) {
                return known;
            }
            if (serverless.containsKey(domain)) {
                throw serverless.get(domain);
            }
            try {
                PrekeyServer server = find(domain, PrekeyManager.getInstanceFor(login.connection()));
                servers.put(domain, server);
                return server;
            } catch (LoadException e) {
                serverless.put(domain, e);
                throw e;
            }
        }
    }

    private PrekeyServer find(DomainBareJid domain, PrekeyManager manager)
            throws LoadException, NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException {
        Optional<Jid> named = settings.serverJid();
        Optional<PrekeyServer> found = named.isPresent() ? manager.askServer(named.get()) : manager.findServer(domain);
        PrekeyServer server = found.orElseThrow(() -> new LoadException(
                List.of(named.map(jid -> jid + " is no prekey server")
                        .orElse(domain + " lists no prekey server that answers")),
                "check that it runs and is connected, or name one with --server"));
        if (named.isEmpty() && !Aim.belongsTo(server.jid(), domain.toString())) {
            throw new LoadException(
                    List.of(domain + " lists a prekey server of another domain, " + server.jid()),
                    "name it with --server if it is to have this load");
        }
        if (settings.rates().get(LoadKind.PUBLICATIONS) > 0 && LoadUser.most(server) < settings.messages()) {
            throw new LoadException(
                    List.of(server.jid() + " keeps " + LoadUser.most(server)
                            + " prekey messages of a device, fewer than the " + settings.messages()
                            + " of a publication"),
                    "--messages asks for fewer");
        }
        return server;
    }

    /** Has the servers forget every device, and everybody log out. */
    void leave() throws InterruptedException {
        List<LoadUser> all;
        synchronized (this) {
            all = List.copyOf(present);
        }
        CountDownLatch never = new CountDownLatch(1);
        forEach(all, this::leave, LONGEST_FAREWELL, never);
    }

    private void leave(LoadUser user) {
        try (user) {
            if (user.left() > 0 && user.isConnected()) {
                user.forgetAll();
            }
        } catch (XMPPErrorException e) {
            problem(whyNotForgotten(e, user.server()), "");
        } catch (NoResponseException | NotConnectedException | PrekeyException | RuntimeException e) {
            problem("could not have a device forgotten: " + reason(e), "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // that was long enough
        }
    }

    private static String whyNotForgotten(XMPPErrorException e, PrekeyServer server) {
        StanzaError.Condition condition = e.getStanzaError().getCondition();
        return condition == StanzaError.Condition.resource_constraint
                ? "a limit of " + server.jid() + " was in the way when devices were to be forgotten"
                : server.jid() + " did not take the command to forget devices (" + condition
                        + "): it has none, or is away";
    }

    private static String reason(Exception e) {
        return Outcome.of(e) instanceof Outcome.Failed failed ? failed.why() : "refused";
    }

    /** Notes what went wrong, once. */
    synchronized void problem(String problem, String what) {
        if (hint.isEmpty()) {
            hint = Optional.of(what).filter(text -> !text.isEmpty());
        }
        if (problems.contains(problem)) {
            return;
        }
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(problem);
        } else {
            unnamed++;
        }
    }

    /** The first of them in full. */
    synchronized List<String> problems() {
        List<String> told = new ArrayList<>(problems);
        if (unnamed > 0) {
            told.add("and " + unnamed + " more problems like these");
        }
        return told;
    }

    List<String> servers() {
        synchronized (servers) {
            return servers.values().stream()
                    .map(server -> server.jid().toString())
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    synchronized int ready() {
        return ready.size();
    }

    synchronized int devices() {
        return present.stream().mapToInt(LoadUser::devices).sum();
    }

    /** Of the devices, those that the servers may still have. */
    synchronized int left() {
        return present.stream().mapToInt(LoadUser::left).sum();
    }

    private static <T> void forEach(List<T> all, Consumer<T> task, Duration longest, CountDownLatch stop)
            throws InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE, work -> {
            Thread thread = new Thread(work, "load-crowd");
            thread.setDaemon(true);
            return thread;
        });
        long end = System.nanoTime() + longest.toNanos();
        try {
            all.forEach(one -> workers.execute(() -> task.accept(one)));
            workers.shutdown();
            while (!workers.awaitTermination(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (stop.getCount() == 0 || System.nanoTime() - end > 0) {
                    break;
                }
            }
        } finally {
            workers.shutdownNow();
            var unused = workers.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
