package prekeeper.trial;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jivesoftware.smack.SmackException.NoResponseException;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import prekeeper.client.smack.PrekeyException;
import prekeeper.trial.Schedule.Due;

/**
 * What is measured: requests that become due by a {@link Schedule}, done by users that are free.
 *
 * <p>An open loop: nobody waits for an answer before the next request is due, and a latency counts from then. So what a slow
 * server makes others wait for is in the figures, which it would not be if each user asked again when the answer was there.
 */
final class Requests {
    /** What is late may come so long after the last one was due. */
    private static final Duration GRACE = Duration.ofSeconds(30);
    /** The same when somebody wants it to end. */
    private static final Duration HASTE = Duration.ofSeconds(3);
    /** A full device makes room after its publication. */
    private static final Duration LONGEST_UPKEEP = Duration.ofSeconds(30);

    private static final long LOOK_MILLIS = 20;
    private static final int TRIES = 8;

    private final List<LoadUser> users;
    private final UserPool<LoadUser, Due> pool;
    private final RandomGenerator random;
    private final CountDownLatch stop;
    private final Consumer<String> problems;
    private final Map<LoadKind, KindTally> tallies = new EnumMap<>(LoadKind.class);
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger replaced = new AtomicInteger();
    private final ExecutorService workers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "load-user");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long begin;
    private long lastEnd;

    Requests(List<LoadUser> users, RandomGenerator random, CountDownLatch stop, Consumer<String> problems) {
        this.users = users;
        this.random = random;
        this.stop = stop;
        this.problems = problems;
        pool = new UserPool<>(users, random);
        for (LoadKind kind : LoadKind.values()) {
            tallies.put(kind, new KindTally());
        }
    }

    /** Returns when all that was due has an end, or has been given up. */
    void run(Schedule schedule, Duration duration) throws InterruptedException {
        begin = System.nanoTime();
        try {
            boolean whole = makeDue(schedule);
            long planned = whole ? duration.toNanos() : System.nanoTime() - begin;
            drain();
            ended(planned);
            workers.shutdown();
            if (open() == 0) {
                var unused = workers.awaitTermination(LONGEST_UPKEEP.toMillis(), TimeUnit.MILLISECONDS);
            }
        } finally {
            workers.shutdownNow();
            var unused = workers.awaitTermination(HASTE.toMillis(), TimeUnit.MILLISECONDS);
            String why = pool.isAlive() ? "no answer when the time was up" : "no user was connected any more";
            tallies.values().forEach(tally -> tally.fail(why));
        }
    }

    /** Whether everything became due. */
    private boolean makeDue(Schedule schedule) throws InterruptedException {
        for (Optional<Due> due = schedule.next(); due.isPresent(); due = schedule.next()) {
            if (stop.await(begin + due.get().at() - System.nanoTime(), TimeUnit.NANOSECONDS) || !pool.isAlive()) {
                return false;
            }
            Due request = due.get();
            tallies.get(request.kind()).due();
            pool.userFor(request).ifPresent(user -> workers.execute(() -> serve(user, request)));
        }
        return true;
    }

    private void drain() throws InterruptedException {
        long since = System.nanoTime();
        while (open() > 0 && pool.isAlive()) {
            Duration most = stop.getCount() == 0 ? HASTE : GRACE;
            if (System.nanoTime() - since > most.toNanos()) {
                pool.withdraw();
                return;
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** Does a request, and then those that waited for somebody. */
    private void serve(LoadUser user, Due request) {
        try {
            boolean waited = false;
            for (Optional<Due> next = Optional.of(request); next.isPresent(); next = pool.next(user)) {
                perform(user, next.get(), waited);
                waited = true;
                if (!user.isConnected()) {
                    lost.incrementAndGet();
                    pool.lost();
                    return;
                }
                if (next.get().kind() == LoadKind.PUBLICATIONS && user.isFull()) {
                    makeRoom(user);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the time is up: the request is still open, and given up
        }
    }

    /** @param waited whether there was no free user when it was due */
    private void perform(LoadUser user, Due request, boolean waited) throws InterruptedException {
        long begun = System.nanoTime() - begin;
        Optional<LoadUser> other =
                request.kind() == LoadKind.RETRIEVALS ? Optional.of(otherThan(user)) : Optional.empty();
        Outcome outcome = user.request(request.kind(), other);
        long end = System.nanoTime() - begin;
        tallies.get(request.kind()).done(outcome, waited ? begun - request.at() : 0, end - request.at());
        ended(end);
    }

    private synchronized void ended(long at) {
        lastEnd = Math.max(lastEnd, at);
    }

    /** Somebody else, and if possible one of whom there is something to be had. */
    private LoadUser otherThan(LoadUser user) {
        LoadUser other = user;
        for (int tries = 0; tries < TRIES || other == user; tries++) {
            other = users.get(random.nextInt(users.size()));
            if (other != user && other.hasStock()) {
                return other;
            }
        }
        return other;
    }

    /** Not measured: the user is busy with it, and comes back when it is done. */
    private void makeRoom(LoadUser user) throws InterruptedException {
        try {
            user.replaceDevice();
            replaced.incrementAndGet();
        } catch (XMPPErrorException
                | NoResponseException
                | NotConnectedException
                | PrekeyException
                | RuntimeException e) {
            problems.accept("a full device could not make room for another publication: "
                    + (Outcome.of(e) instanceof Outcome.Failed failed ? failed.why() : "the server refused"));
        }
    }

    long answered() {
        return tallies.values().stream().mapToLong(KindTally::answered).sum();
    }

    long refused() {
        return tallies.values().stream().mapToLong(KindTally::refused).sum();
    }

    long failed() {
        return tallies.values().stream().mapToLong(KindTally::failed).sum();
    }

    /** Due, and without an end. */
    long open() {
        return tallies.values().stream().mapToLong(KindTally::open).sum();
    }

    int lost() {
        return lost.get();
    }

    int replaced() {
        return replaced.get();
    }

    /** Since the first could be due. */
    Duration running() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** From the beginning to the last end of a request, or to the end of the time if that is later. */
    synchronized Duration elapsed() {
        return Duration.ofNanos(lastEnd);
    }

    /** Share of all latency in which no user was free. */
    double waiting() {
        double took =
                tallies.values().stream().mapToDouble(KindTally::tookNanos).sum();
        double waited =
                tallies.values().stream().mapToDouble(KindTally::waitedNanos).sum();
        return took == 0 ? 0 : waited / took;
    }

    LoadReport.OfKind report(LoadKind kind, double rate) {
        return tallies.get(kind).report(kind, rate, elapsed());
    }
}
