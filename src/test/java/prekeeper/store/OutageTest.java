package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageTest {
    private final Logger log = (Logger) LoggerFactory.getLogger("outage-test");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong now = new AtomicLong(-7);
    private final Outage outage = new Outage(log, "the store", now::get);

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
        log.setAdditive(false);
        log.setLevel(Level.INFO);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(lines);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private List<String> lines() {
        return lines.list.stream()
                .map(line -> line.getLevel() + " " + line.getFormattedMessage())
                .toList();
    }

    @Test
    void aThousandFailuresAreOneLine() {
        for (int i = 0; i < 1_000; i++) {
            outage.failed("no disk " + i);
            pass(Duration.ofMillis(500));
        }
        assertEquals(List.of("ERROR the store fails: no disk 0"), lines());
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
                lines());
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
                lines());
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
                lines());
    }

    @Test
    void whatFailsAndWorksByTurnsFails() {
        for (int i = 0; i < 100; i++) {
            outage.failed("lock");
            pass(Duration.ofSeconds(4));
            outage.worked();
        }
        assertEquals(List.of("ERROR the store fails: lock"), lines());
    }
}
