package prekeeper.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KindTallyTest {
    private static final long MILLI = 1_000_000;
    private final KindTally tally = new KindTally();

    @Test
    void onlyAnswersHaveALatencyAndItCountsFromWhenTheyWereDue() {
        done(new Outcome.Answered(false), 30, 100);
        done(new Outcome.Refused(), 0, 1);
        done(new Outcome.Failed("no answer in time"), 0, 60_000);
        LoadReport.OfKind report = report();
        assertEquals(3, report.due());
        assertEquals(1, report.answered());
        assertEquals(1, report.refused());
        assertEquals(1, report.failed());
        assertEquals(Map.of("no answer in time", 1L), report.failures());
        assertEquals(100, report.latency().orElseThrow().p50(), 0.1);
        assertEquals(100, report.latency().orElseThrow().max(), 0.1);
        assertEquals(30 * MILLI, tally.waitedNanos());
        assertEquals(100 * MILLI, tally.tookNanos());
    }

    @Test
    void percentilesAreThoseOfAllAnswers() {
        for (int millis = 1; millis <= 1000; millis++) {
            done(new Outcome.Answered(millis % 4 == 0), 0, millis);
        }
        LoadReport.OfKind report = report();
        LoadReport.Latency latency = report.latency().orElseThrow();
        assertEquals(500, latency.p50(), 1);
        assertEquals(900, latency.p90(), 1);
        assertEquals(990, latency.p99(), 1);
        assertEquals(999, latency.p999(), 1);
        assertEquals(1000, latency.max(), 1);
        assertEquals(250, report.empty());
        assertEquals(100, report.perSecond(), 0.001);
        List<LoadReport.Percentile> curve = latency.curve();
        for (int i = 1; i < curve.size(); i++) {
            assertEquals(10 * curve.get(i).percent(), curve.get(i).millis(), 101, curve::toString);
        }
        assertEquals(100, curve.get(curve.size() - 1).percent());
    }

    @Test
    void whatIsOpenIsGivenUpAsFailed() {
        tally.due();
        tally.due();
        done(new Outcome.Answered(false), 0, 1);
        assertEquals(2, tally.open());
        tally.fail("no answer when the time was up");
        assertEquals(0, tally.open());
        assertEquals(Map.of("no answer when the time was up", 2L), report().failures());
        assertEquals(2, report().failed());
    }

    @Test
    void withoutAnAnswerThereIsNoLatency() {
        done(new Outcome.Refused(), 0, 1);
        assertEquals(Optional.empty(), report().latency());
    }

    private void done(Outcome outcome, long waitedMillis, long tookMillis) {
        tally.due();
        tally.done(outcome, waitedMillis * MILLI, tookMillis * MILLI);
    }

    private LoadReport.OfKind report() {
        return tally.report(LoadKind.HANDSHAKES, 10, Duration.ofSeconds(10));
    }
}
