package prekeeper.trial;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Simulated users with real cryptography over real connections, and how long a prekey server makes them wait.
 *
 * <p>Each account logs in with one device that is thrown away in the end. Requests become due at random moments at the rates
 * that were asked for, whether or not earlier ones are done.
 */
public final class Load {
    private final LoadSettings settings;
    private final List<Account> accounts;
    private final SecureRandom random;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Crowd crowd;
    private volatile Stage stage = Stage.ARRIVING;
    private volatile Optional<Requests> requests = Optional.empty();
    /** Processor time of this process while it measured. */
    private Optional<Duration> cpu = Optional.empty();

    private Duration measuring = Duration.ZERO;

    /** What goes on, in this order. */
    public enum Stage {
        /** Users log in and publish devices. */
        ARRIVING,
        /** Requests become due, or late ones are waited for. */
        MEASURING,
        /** Devices are forgotten. */
        LEAVING
    }

    /**
     * How far it is.
     *
     * @param ready users who have come
     * @param users that were asked for
     * @param running since requests become due; none before
     * @param open requests that are due and have no end yet
     */
    public record Progress(
            Stage stage, int ready, int users, Duration running, long answered, long refused, long failed, long open) {}

    /**
     * Does nothing yet.
     *
     * @param accounts all different, at least two when there are to be retrievals
     */
    public Load(LoadSettings settings, List<Account> accounts, Reach reach, SecureRandom random, Clock clock) {
        this.settings = settings;
        this.accounts = List.copyOf(accounts);
        this.random = random;
        crowd = new Crowd(settings, reach, random, clock, stop);
        if (accounts.size() < 2 && settings.rates().get(LoadKind.RETRIEVALS) > 0) {
            throw new IllegalArgumentException("users retrieve from each other, so that takes two accounts");
        }
    }

    /**
     * Runs it, once. Everybody is logged out when it returns, in whichever way.
     *
     * @throws LoadException when nothing could be measured
     */
    public LoadReport run() throws LoadException, InterruptedException {
        try {
            measure(crowd.arrive(accounts));
        } finally {
            stage = Stage.LEAVING;
            crowd.leave();
        }
        return report();
    }

    private void measure(List<LoadUser> users) throws LoadException, InterruptedException {
        if (users.size() < 2 && settings.rates().get(LoadKind.RETRIEVALS) > 0) {
            throw new LoadException(crowd.problems(), "only one user is left, and there is nobody to retrieve from");
        }
        Requests measured = new Requests(users, random, stop, problem -> crowd.problem(problem, ""));
        Schedule schedule = new Schedule(settings.rates(), settings.duration(), random);
        requests = Optional.of(measured);
        stage = Stage.MEASURING;
        Optional<Duration> cpuBefore = cpuTime();
        measured.run(schedule, settings.duration());
        measuring = measured.running();
        cpu = cpuTime().flatMap(after -> cpuBefore.map(after::minus));
    }

    private LoadReport report() {
        Requests measured = requests.orElseThrow();
        Duration elapsed = measured.elapsed();
        int processors = Runtime.getRuntime().availableProcessors();
        long ended = measured.answered() + measured.refused() + measured.failed();
        int devices = crowd.devices();
        return new LoadReport(
                crowd.servers(),
                settings.rates().entrySet().stream()
                        .filter(rate -> rate.getValue() > 0)
                        .map(rate -> measured.report(rate.getKey(), rate.getValue()))
                        .toList(),
                crowd.ready(),
                measured.lost(),
                elapsed,
                stop.getCount() == 0,
                measured.waiting(),
                cpu.map(used -> (double) used.toNanos() / measuring.toNanos() / processors),
                cpu.filter(used -> ended > 0).map(used -> used.dividedBy(ended)),
                processors,
                measured.replaced(),
                devices,
                devices - crowd.left(),
                crowd.problems());
    }

    private static Optional<Duration> cpuTime() {
        return ProcessHandle.current().info().totalCpuDuration();
    }

    /** Ends it before its time: what was measured until now is reported all the same. From any thread, at any time. */
    public void stop() {
        stop.countDown();
    }

    /** How far it is; from any thread. */
    public Progress progress() {
        Optional<Requests> now = requests;
        return new Progress(
                stage,
                crowd.ready(),
                accounts.size(),
                now.map(Requests::running).orElse(Duration.ZERO),
                now.map(Requests::answered).orElse(0L),
                now.map(Requests::refused).orElse(0L),
                now.map(Requests::failed).orElse(0L),
                now.map(Requests::open).orElse(0L));
    }
}
