package prekeeper.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.ReusedKeys;
import prekeeper.it.Scratch;
import prekeeper.torture.LogLine.Event;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;

/**
 * Kills servers at random moments while clients publish and take, starts them again each time, takes what is left in the end, and
 * has the {@link Checker} judge.
 *
 * <p>Some accounts are asked for all the time, by many at once, some now and then, so that they have a stock, and some not before
 * the end, so that nothing of theirs may be missing.
 */
final class Torture {
    private static final int PUBLISHERS = 3;
    private static final int TAKERS = 6;
    private static final Duration PROFILES_LIVE = Duration.ofDays(30);

    /** As long as it came to nothing. */
    private static final int MOST_KILLS_MORE = 20;

    private final Consumer<String> progress;
    private final Path logs;
    private final InstantSource clock = steadyClock();
    private final Counts counts = new Counts();
    private final List<Account> accounts = new ArrayList<>();
    private final SecureRandom secureRandom = new SecureRandom();
    private final Random random = new Random();
    private final CountDownLatch ending = new CountDownLatch(1);
    private final AtomicInteger killed = new AtomicInteger();
    private final AtomicInteger restores = new AtomicInteger();

    /**
     * @param jid bare
     * @param asked how often, in comparison to others
     */
    private record Account(String jid, Draft draft, int devices, int asked) {}

    /**
     * What came of it.
     *
     * @param violations empty when every promise was kept
     */
    record Verdict(List<Violation> violations, Counts counts) {}

    private Torture(Scratch scratch, Consumer<String> progress) throws IOException {
        this.progress = progress;
        this.logs = Files.createDirectory(scratch.folder().resolve("clients"));
        int[] asked = {0, 0, 0, 1, 20, 20, 20, 20};
        for (int i = 0; i < asked.length; i++) {
            Draft draft = i % 2 == 0 ? Draft.SPEC : Draft.DEPLOYED;
            accounts.add(new Account("owner" + i + "@example.org", draft, 1 + i / 2 % 2, asked[i]));
        }
    }

    /**
     * Tortures {@code victim}.
     *
     * @param kills of all its servers together; some more as long as these came to nothing
     * @param progress gets a line after each
     * @throws IllegalStateException when a server ends by itself or does not answer, or when it all came to nothing
     */
    static Verdict run(Victim victim, int kills, Scratch scratch, Consumer<String> progress) throws Exception {
        try (ComponentRouter router = new ComponentRouter()) {
            List<TorturedServer> servers = new ArrayList<>();
            for (Victim.Site site : victim.sites(scratch)) {
                servers.add(new TorturedServer(scratch, router, site));
            }
            return new Torture(scratch, progress).run(router, servers, kills);
        }
    }

    private Verdict run(ComponentRouter router, List<TorturedServer> servers, int kills) throws Exception {
        List<String> jids = servers.stream().map(TorturedServer::jid).toList();
        ExecutorService pool = Executors.newCachedThreadPool();
        try (ClientLog restorer = log("restorer")) {
            List<Future<?>> clients = new ArrayList<>();
            for (Callable<Void> client : clients(router, jids)) {
                clients.add(pool.submit(client));
            }
            List<Future<?>> killers = new ArrayList<>();
            for (TorturedServer server : servers) {
                killers.add(pool.submit(() -> kill(server, kills, restorer, clients)));
            }
            try {
                join(killers);
            } finally {
                ending.countDown();
                join(clients); // what fails here is why a killer waited in vain
            }
        } finally {
            ending.countDown();
            pool.shutdownNow();
        }
        for (TorturedServer server : servers) {
            server.start();
        }
        takeTheRest(router, jids);
        servers.forEach(TorturedServer::stop);
        progress.accept("judging by the logs in " + logs);
        return new Verdict(Checker.check(logs), counts);
    }

    private Void kill(TorturedServer server, int kills, ClientLog restorer, List<Future<?>> clients) throws Exception {
        for (int kill = killed.incrementAndGet(); isKilled(server, kill, kills); kill = killed.incrementAndGet()) {
            boolean restored = server.liveAndDie();
            progress.accept("killed " + kill + " of " + kills + ": " + counts.summary());
            if (restored) {
                restorer.begin(Event.RESTORED, List.of());
                restores.incrementAndGet();
                progress.accept("put the database back to an older state");
            }
            join(clients.stream().filter(Future::isDone).toList()); // one that has failed ends it all
        }
        return null;
    }

    /** Whether there is one more kill; a run in which nothing was at stake would say nothing. */
    private boolean isKilled(TorturedServer server, int kill, int kills) {
        if (kill <= kills) {
            return true;
        }
        if (server.wasTortured() && counts.of(Event.STORED) > 0 && counts.wordsOf(Event.TAKEN) > 0) {
            return false;
        }
        if (kill > kills + MOST_KILLS_MORE) {
            throw new IllegalStateException(
                    server.jid() + " was never killed at work, or nothing happened to it: " + counts.summary());
        }
        return true;
    }

    private static void join(List<Future<?>> all) throws Exception {
        for (Future<?> one : all) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    }

    private List<Callable<Void>> clients(ComponentRouter router, List<String> jids) throws IOException {
        List<Callable<Void>> clients = new ArrayList<>();
        ReusedKeys keys = new ReusedKeys(1, secureRandom);
        List<Publisher.OwnDevice> devices = devices();
        for (int i = 0; i < PUBLISHERS; i++) {
            int number = i;
            List<Publisher.OwnDevice> own = devices.stream()
                    .filter(device -> devices.indexOf(device) % PUBLISHERS == number)
                    .toList();
            Publisher publisher =
                    new Publisher(router, jids, own, log("publisher" + i), keys, secureRandom, restores::get);
            clients.add(() -> publish(publisher));
        }
        for (int i = 0; i < TAKERS; i++) {
            Taker taker = taker(router, "taker" + i);
            clients.add(() -> take(taker, router, jids));
        }
        return clients;
    }

    private List<Publisher.OwnDevice> devices() {
        Instant expires = Instant.now().plus(PROFILES_LIVE);
        List<Publisher.OwnDevice> devices = new ArrayList<>();
        for (Account account : accounts) {
            for (int i = 0; i < account.devices(); i++) {
                InstanceTag tag = new InstanceTag(InstanceTag.LEAST + i);
                devices.add(new Publisher.OwnDevice(
                        account.jid(), PrekeyDevice.generate(account.draft(), tag, expires, secureRandom)));
            }
        }
        return devices;
    }

    private ClientLog log(String client) throws IOException {
        return new ClientLog(logs, client, clock, counts);
    }

    private Taker taker(ComponentRouter router, String name) throws IOException {
        return new Taker(router, name + "@example.org/torture", log(name));
    }

    private Void publish(Publisher publisher) throws Exception {
        try (publisher) {
            while (!isEnding()) {
                if (!publisher.publish()) {
                    pause();
                }
            }
            return null;
        }
    }

    private Void take(Taker taker, ComponentRouter router, List<String> jids) throws Exception {
        List<Account> asked = new ArrayList<>();
        accounts.forEach(account -> {
            for (int i = 0; i < account.asked(); i++) {
                asked.add(account);
            }
        });
        try (taker) {
            while (!isEnding()) {
                Account account = asked.get(random.nextInt(asked.size()));
                String server = jids.get(random.nextInt(jids.size()));
                if (!router.isConnected(server)
                        || taker.take(server, account.jid(), account.draft())
                                .prekeys()
                                .isEmpty()) {
                    pause(); // until it is, or somebody has published more
                }
            }
            return null;
        }
    }

    /** One that never goes back, as the time of day may. */
    private static InstantSource steadyClock() {
        Instant begin = Instant.now();
        long nanos = System.nanoTime();
        return () -> begin.plusNanos(System.nanoTime() - nanos);
    }

    private boolean isEnding() {
        return ending.getCount() == 0;
    }

    private void pause() throws InterruptedException {
        ending.await(1 + random.nextInt(20), TimeUnit.MILLISECONDS);
    }

    /** From each server in turn, as long as there is any. */
    private void takeTheRest(ComponentRouter router, List<String> jids) throws Exception {
        int queries = 0;
        try (Taker taker = taker(router, "inventory")) {
            for (Account account : accounts) {
                Taker.Taking taking;
                do {
                    taking = taker.take(jids.get(queries++ % jids.size()), account.jid(), account.draft());
                    if (taking.end() != Event.TAKEN) {
                        throw new IllegalStateException(
                                "no answer about " + account.jid() + " though nobody else asks: " + taking.end());
                    }
                } while (!taking.prekeys().isEmpty());
            }
        }
    }
}
