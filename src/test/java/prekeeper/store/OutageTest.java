package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import prekeeper.xmpp.CollectedLog;

class OutageTest {
    private final CollectedLog log = new CollectedLog();
    private final AtomicLong now = new AtomicLong(-7);
    private final Outage outage = new Outage(LoggerFactory.getLogger("prekeeper.test"), "the store", now::get);

    @AfterEach
    void stopListening() {
        log.close();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void aThousandFailuresAreOneLine() {
        for (int i = 0; i < 1_000; i++) {
            outage.failed("no disk " + i);
            pass(Duration.ofMillis(500));
        }
        assertEquals(List.of("ERROR the store fails: no disk 0"), log.lines());
    }

    @Test
    void anOutageThatGoesOnIsToldOfEveryTenMinutes() {
        for (int second = 0; second <= 1_200; second++) {
            outage.failed("no disk");
            pass(Duration.ofSeconds(1));
        }
        assertEquals(
                List.of(
                        "ERROR the store fails: no disk",
                        "ERROR the store still fails, 601 times in 10 min: no disk",
                        "ERROR the store still fails, 1201 times in 20 min: no disk"),
                log.lines());
    }

    @Test
    void whatWorksAgainIsToldOnce() {
        outage.failed("no disk");
        outage.failed("no disk");
        pass(Duration.ofSeconds(90));
        outage.worked();
        outage.worked();
        assertEquals(
                List.of("ERROR the store fails: no disk", "INFO the store works again; it failed 2 times in 90 s"),
                log.lines());
    }

    @Test
    void anOutageLastsUntilTheFirstThatWorked() {
        outage.failed("no disk");
        pass(Duration.ofSeconds(30));
        outage.failed("no disk");
        pass(Duration.ofSeconds(2));
        outage.worked();
        pass(Duration.ofHours(3));
        outage.worked();
        assertEquals(
                List.of("ERROR the store fails: no disk", "INFO the store works again; it failed 2 times in 32 s"),
                log.lines());
    }

    @Test
    void theNextOutageIsToldOfAnew() {
        outage.failed("no disk");
        pass(Duration.ofSeconds(10));
        outage.worked();
        outage.failed("no network");
        pass(Duration.ofSeconds(10));
        outage.worked();
        assertEquals(
                List.of(
                        "ERROR the store fails: no disk",
                        "INFO the store works again; it failed 1 times in 10 s",
                        "ERROR the store fails: no network",
                        "INFO the store works again; it failed 1 times in 10 s"),
                log.lines());
    }

    @Test
    void whatFailsAndWorksByTurnsFails() {
        for (int i = 0; i < 100; i++) {
            outage.failed("lock");
            pass(Duration.ofSeconds(4));
            outage.worked();
        }
        assertEquals(List.of("ERROR the store fails: lock"), log.lines());
    }
}
