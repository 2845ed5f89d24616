package prekeeper.app;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import prekeeper.trial.LoadReport;

/** What a load has measured, as people and as programs read it. */
record LoadResult(LoadReport report) {
    /** From here on the figures are of whoever made them. */
    private static final double BUSY = 0.7;
    /** A tenth of what users wait for is somebody else's. */
    private static final double LONG_WAITING = 0.1;

    private static final double LONG_RETRIEVALS = 0.1;
    private static final int DECIMALS = 3;
    private static final String ROW = "%-12s %9s %7s %8s %7s %8s %8s %8s %8s %8s";

    /** A table and what belongs below it. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                ROW,
                "kind",
                "answered",
                "per s",
                "refused",
                "failed",
                "p50 ms",
                "p90 ms",
                "p99 ms",
                "p99.9 ms",
                "max ms"));
        for (LoadReport.OfKind kind : report.kinds()) {
            lines.add(format(
                    ROW,
                    kind.kind().label(),
                    kind.answered(),
                    format("%.1f", kind.perSecond()),
                    kind.refused(),
                    kind.failed(),
                    millis(kind, LoadReport.Latency::p50),
                    millis(kind, LoadReport.Latency::p90),
                    millis(kind, LoadReport.Latency::p99),
                    millis(kind, LoadReport.Latency::p999),
                    millis(kind, LoadReport.Latency::max)));
        }
        lines.add(format(
                "%d users, %.1f s; latency counts from when a request was due, and %.1f %% of it went by before a user was free"
                        + " for it.",
                report.users(), seconds(report.elapsed()), 100 * report.waiting()));
        report.cpu()
                .ifPresent(cpu -> lines.add(format(
                        "This program, with the clients' cryptography, used %.0f %% of %d processors%s.",
                        100 * cpu,
                        report.processors(),
                        report.cpuPerRequest()
                                .map(each -> format(", %.1f ms for each request", each.toNanos() / 1e6))
                                .orElse(""))));
        lines.add(format(
                "%d of %d devices are forgotten again%s.",
                report.forgotten(),
                report.devices(),
                report.replaced() == 0
                        ? ""
                        : format(
                                "; %d were full on the way and made room, which is not in the figures",
                                report.replaced())));
        return lines;
    }

    /** What makes the figures mean something else than one would think. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>(report.problems());
        if (report.ended()) {
            warnings.add("ended before its time");
        }
        for (LoadReport.OfKind kind : report.kinds()) {
            kind.failures()
                    .forEach((why, count) ->
                            warnings.add(count + " " + kind.kind().label() + " failed: " + why));
            if (kind.empty() > LONG_RETRIEVALS * kind.answered()) {
                warnings.add(
                        kind.empty() + " of " + kind.answered() + " "
                                + kind.kind().label()
                                + " found no prekey message left, which costs a server less: more users or publications leave more");
            }
        }
        if (report.lost() > 0) {
            warnings.add(report.lost() + " of " + report.users() + " users lost their connection on the way");
        }
        if (report.waiting() > LONG_WAITING) {
            warnings.add(format(
                    "%.0f %% of the latency is waiting for a free user, who does one request at a time: the users are too few,"
                            + " or the server is slower than the rates",
                    100 * report.waiting()));
        }
        if (report.cpu().filter(cpu -> cpu > BUSY).isPresent()) {
            warnings.add(format(
                    "this program used %.0f %% of the processors here: the figures may be its own; ask for less, or run it on"
                            + " a larger machine or on several",
                    100 * report.cpu().get()));
        }
        if (report.forgotten() < report.devices()) {
            warnings.add(report.devices() - report.forgotten()
                    + " devices may be left at the server; their profiles expire in a day");
        }
        return warnings;
    }

    /** What to do about it. */
    Optional<String> hint() {
        return report.kinds().stream().anyMatch(kind -> kind.refused() > 0)
                ? Optional.of(
                        "refusals are the prekey server's limits for one account, or more work at once than it takes: the"
                                + " block limits of its configuration; docs/benchmarks.md, Sizing a machine, tells which to raise for a load")
                : Optional.empty();
    }

    /** Times in milliseconds, shares from 0 to 1; what is not known is null. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        JsonArray servers = new JsonArray();
        report.servers().forEach(servers::add);
        json.add("servers", servers);
        json.addProperty("users", report.users());
        json.addProperty("users-lost", report.lost());
        json.addProperty("elapsed-ms", report.elapsed().toMillis());
        json.addProperty("ended-early", report.ended());
        JsonObject kinds = new JsonObject();
        report.kinds().forEach(kind -> kinds.add(kind.kind().label(), json(kind)));
        json.add("kinds", kinds);
        json.addProperty("waiting-share", rounded(report.waiting()));
        json.addProperty("cpu-share", report.cpu().map(LoadResult::rounded).orElse(null));
        json.addProperty(
                "cpu-per-request-ms",
                report.cpuPerRequest()
                        .map(each -> rounded(each.toNanos() / 1e6))
                        .orElse(null));
        json.addProperty("processors", report.processors());
        json.addProperty("devices", report.devices());
        json.addProperty("devices-replaced", report.replaced());
        json.addProperty("devices-forgotten", report.forgotten());
        JsonArray warnings = new JsonArray();
        warnings().forEach(warnings::add);
        json.add("warnings", warnings);
        return json;
    }

    private static JsonObject json(LoadReport.OfKind kind) {
        JsonObject json = new JsonObject();
        json.addProperty("asked-per-second", kind.rate());
        json.addProperty("due", kind.due());
        json.addProperty("answered", kind.answered());
        json.addProperty("answered-per-second", rounded(kind.perSecond()));
        json.addProperty("empty", kind.empty());
        json.addProperty("refused", kind.refused());
        json.addProperty("failed", kind.failed());
        JsonObject failures = new JsonObject();
        kind.failures().forEach(failures::addProperty);
        json.add("failures", failures);
        json.add("latency-ms", kind.latency().<JsonElement>map(LoadResult::json).orElse(JsonNull.INSTANCE));
        return json;
    }

    private static JsonObject json(LoadReport.Latency latency) {
        JsonObject json = new JsonObject();
        json.addProperty("p50", latency.p50());
        json.addProperty("p90", latency.p90());
        json.addProperty("p99", latency.p99());
        json.addProperty("p99.9", latency.p999());
        json.addProperty("max", latency.max());
        return json;
    }

    private static BigDecimal rounded(double value) {
        return BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_UP);
    }

    private static String millis(LoadReport.OfKind kind, ToDoubleFunction<LoadReport.Latency> of) {
        return kind.latency()
                .map(latency -> format("%.1f", of.applyAsDouble(latency)))
                .orElse("-");
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
