package prekeeper.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import prekeeper.it.ChildProcess;
import prekeeper.it.Scratch;

/** One Prekeeper as it is shipped, which is killed again and again. */
final class TorturedServer {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Path LAUNCHER = Path.of("bin", "prekeeper").toAbsolutePath();
    private static final String UNLIMITED = "{ burst = 1000000, per-hour = 100000000 }";

    /** A life is over before code from the second compiler pays: without it a start takes little more than half the processor time. */
    private static final String JAVA_OPTS = "PREKEEPER_JAVA_OPTS=-XX:TieredStopAtLevel=1";

    /** In work, not in time: a slow machine does not make it easier. */
    private static final int MOST_PUBLICATIONS = 24;

    private static final Duration MOMENT = Duration.ofMillis(100);

    /** For the first requests, when it has just connected. */
    private static final Duration FIRST_STEPS = Duration.ofMillis(500);

    private final Scratch scratch;
    private final ComponentRouter router;
    private final String jid;
    private final Mishaps mishaps;
    private final Path configuration;
    private final Random random = new Random();
    private ChildProcess process;
    private Duration lastStart = Duration.ofSeconds(2);
    private boolean diedAtWork;
    private boolean hadMishap;

    TorturedServer(Scratch scratch, ComponentRouter router, Victim.Site site) throws IOException {
        this.scratch = scratch;
        this.router = router;
        this.jid = site.jid();
        this.mishaps = site.mishaps();
        this.configuration = scratch.folder().resolve(jid + ".conf");
        Files.createFile(
                configuration, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                configuration, """
                prekeeper {
                  component { jid = "%s", host = "127.0.0.1", port = %d, secret = "any" }
                  store { %s }
                  key-file = "%s"
                  low-stock { announce = false }
                  limits {
                    requests %6$s, handshakes %6$s
                    retrievals-per-requester-and-target %6$s, retrievals-per-requester %6$s
                    retrievals-per-domain %6$s, retrievals-per-target %6$s
                    prekey-messages = %d
                  }
                }
                """.formatted(jid, router.port(), site.store(), jid + ".key", 100_000, UNLIMITED));
    }

    String jid() {
        return jid;
    }

    /**
     * Whether it was killed while clients waited for its answers, and what happens to it besides has happened, at least once
     * each.
     */
    boolean wasTortured() {
        return diedAtWork && (hadMishap || mishaps == Mishaps.NONE);
    }

    /**
     * Starts it and kills it at some moment, while clients publish and take: one time in four when it has hardly begun.
     *
     * @return whether its database was put back to an older state after that
     */
    boolean liveAndDie() throws IOException, InterruptedException {
        launch();
        if (random.nextInt(4) == 0) {
            sleepUpTo(lastStart.plus(FIRST_STEPS));
        } else {
            awaitConnection();
            serve();
            if (mishaps.whileItServes()) {
                hadMishap = true;
                serve();
            }
        }
        int lost = router.lost(jid);
        kill();
        boolean dyingAtWork = router.lost(jid) > lost;
        diedAtWork |= dyingAtWork;
        boolean restored = mishaps.whileItLiesDead();
        hadMishap |= restored && dyingAtWork; // or there is nothing that an older database lacks
        return restored;
    }

    private void serve() throws InterruptedException {
        int end = router.publications(jid) + 1 + random.nextInt(MOST_PUBLICATIONS);
        process.await("answers", PATIENCE, () -> router.publications(jid) >= end);
        sleepUpTo(MOMENT);
    }

    /** Starts it and returns when it is connected. */
    void start() throws IOException {
        launch();
        awaitConnection();
    }

    void stop() {
        process.stop();
    }

    private void launch() throws IOException {
        process = scratch.start(
                jid, List.of("env", JAVA_OPTS, LAUNCHER.toString(), "run", "--config", configuration.toString()));
    }

    private void awaitConnection() {
        long begin = System.nanoTime();
        process.await("connection", PATIENCE, () -> router.isConnected(jid));
        lastStart = Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Returns when all that it has said is heard. */
    private void kill() throws InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException(jid + " ended before it was killed" + process.logTail());
        }
        process.kill();
        while (router.isConnected(jid)) {
            Thread.sleep(1);
        }
    }

    private void sleepUpTo(Duration longest) throws InterruptedException {
        Thread.sleep(longest.toMillis() * random.nextInt(1000) / 1000, random.nextInt(1_000_000));
    }
}
