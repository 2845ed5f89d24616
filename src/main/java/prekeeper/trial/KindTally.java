package prekeeper.trial;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Counts requests of one kind and how long they took from when they were due, whoever held them up. Only those that were
 * answered have a latency: a refusal is quick, and would make a server look better the more it refuses. Thread-safe.
 */
final class KindTally {
    private static final int DIGITS = 3;
    /** So that a picture has five steps from 90 % to 99 %, and as many from there to 99.9 %. */
    private static final int STEPS = 5;

    private static final double NANOS_OF_MICRO = 1e3;
    private static final double MICROS_OF_MILLI = 1e3;

    /** Of microseconds. */
    private final Histogram latencies = new Histogram(DIGITS);

    private final Map<String, Long> failures = new TreeMap<>();
    private long due;
    private long empty;
    private long refused;
    private long failed;
    private double waitedNanos;
    private double tookNanos;

    synchronized void due() {
        due++;
    }

    /**
     * Notes an end.
     *
     * @param waited for a user who is free
     * @param took from when it was due to the answer
     */
    synchronized void done(Outcome outcome, long waited, long took) {
        if (outcome instanceof Outcome.Answered answered) {
            latencies.recordValue(Math.max(0, Math.round(took / NANOS_OF_MICRO)));
            waitedNanos += waited;
            tookNanos += took;
            empty += answered.empty() ? 1 : 0;
        } else if (outcome instanceof Outcome.Failed failure) {
            failed++;
            failures.merge(failure.why(), 1L, Long::sum);
        } else {
            refused++;
        }
    }

    synchronized long answered() {
        return latencies.getTotalCount();
    }

    synchronized long refused() {
        return refused;
    }

    synchronized long failed() {
        return failed;
    }

    /** How many are due and have no end yet. */
    synchronized long open() {
        return due - answered() - refused - failed;
    }

    /** Gives up what is open. */
    synchronized void fail(String why) {
        long open = open();
        if (open > 0) {
            failed += open;
            failures.merge(why, open, Long::sum);
        }
    }

    synchronized double waitedNanos() {
        return waitedNanos;
    }

    synchronized double tookNanos() {
        return tookNanos;
    }

    /** @param elapsed from the beginning to the last answer */
    synchronized LoadReport.OfKind report(LoadKind kind, double rate, Duration elapsed) {
        Optional<LoadReport.Latency> latency = answered() == 0
                ? Optional.empty()
                : Optional.of(new LoadReport.Latency(
                        millis(latencies.getValueAtPercentile(50)),
                        millis(latencies.getValueAtPercentile(90)),
                        millis(latencies.getValueAtPercentile(99)),
                        millis(latencies.getValueAtPercentile(99.9)),
                        millis(latencies.getMaxValue()),
                        curve()));
        return new LoadReport.OfKind(
                kind,
                rate,
                due,
                answered(),
                answered() / (elapsed.toNanos() / 1e9),
                empty,
                refused,
                failed,
                failures,
                latency);
    }

    private List<LoadReport.Percentile> curve() {
        List<LoadReport.Percentile> curve = new ArrayList<>();
        for (HistogramIterationValue value : latencies.percentiles(STEPS)) {
            curve.add(new LoadReport.Percentile(
                    value.getPercentileLevelIteratedTo(), millis(value.getValueIteratedTo())));
        }
        return curve;
    }

    private static double millis(long micros) {
        return micros / MICROS_OF_MILLI;
    }
}
