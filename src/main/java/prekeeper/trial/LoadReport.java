package prekeeper.trial;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a load has measured.
 *
 * @param servers addresses of the prekey servers
 * @param kinds those that were asked for
 * @param users who took part from the beginning
 * @param lost of them, whose connection ended on the way
 * @param elapsed from the beginning to the last end of a request, or to the end of the time if that is later
 * @param ended whether it was ended before its time
 * @param waiting share of all latency that went by before a user was free to begin; from 0 to 1
 * @param cpu share of this machine's processors that this process used; from 0 to 1; empty where that cannot be known
 * @param cpuPerRequest processor time of this process by the requests that had an end
 * @param processors of this machine, as far as this process may use them
 * @param replaced devices that were full and made room for others
 * @param devices that were published
 * @param forgotten of them, that the server has forgotten again
 * @param problems what went wrong beside requests, one line each
 */
public record LoadReport(
        List<String> servers,
        List<OfKind> kinds,
        int users,
        int lost,
        Duration elapsed,
        boolean ended,
        double waiting,
        Optional<Double> cpu,
        Optional<Duration> cpuPerRequest,
        int processors,
        int replaced,
        int devices,
        int forgotten,
        List<String> problems) {

    /** Makes the lists unmodifiable. */
    public LoadReport {
        servers = List.copyOf(servers);
        kinds = List.copyOf(kinds);
        problems = List.copyOf(problems);
    }

    /**
     * Requests of one kind.
     *
     * @param rate that was asked for, a second
     * @param due how many there were
     * @param answered of them
     * @param perSecond answers
     * @param empty answers that there is nothing to hand out
     * @param refused by a limit or a quota
     * @param failed without an answer, or with one that is none
     * @param failures why, and how many
     * @param latency of the answers; empty without one
     */
    public record OfKind(
            LoadKind kind,
            double rate,
            long due,
            long answered,
            double perSecond,
            long empty,
            long refused,
            long failed,
            Map<String, Long> failures,
            Optional<Latency> latency) {

        /** Makes the map unmodifiable. */
        public OfKind {
            failures = Collections.unmodifiableMap(new TreeMap<>(failures));
        }
    }

    /**
     * In milliseconds, from when a request was due to its answer.
     *
     * @param curve in ascending order, the last one 100 %
     */
    public record Latency(double p50, double p90, double p99, double p999, double max, List<Percentile> curve) {

        /** Makes the list unmodifiable. */
        public Latency {
            curve = List.copyOf(curve);
        }
    }

    /**
     * So many of a hundred took at most so long.
     *
     * @param percent from 0 to 100
     */
    public record Percentile(double percent, double millis) {}
}
