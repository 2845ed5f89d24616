package prekeeper.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import prekeeper.service.Operation;
import prekeeper.service.Refusal;
import prekeeper.service.Tally;
import prekeeper.wire.MessageType;
import prekeeper.xmpp.LiveLimits;
import prekeeper.xmpp.RateLimit;
import prekeeper.xmpp.ServerConnection;
import prekeeper.xmpp.WorkInFlight;

/**
 * All meters (docs/monitoring.md, "Metrics"). Labels take values that the source names, so there are never more series than on the
 * first day. Thread-safe.
 */
final class Meters implements AutoCloseable {
    /** Upper bounds of the buckets: a taking from memory takes a millisecond or two, and nobody waits longer than 15 s. */
    private static final Duration[] STORE_BUCKETS = Stream.of(
                    1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 15_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private static final String REQUESTS = "prekeeper.requests";
    private static final String LIMIT_HITS = "prekeeper.limit.hits";
    private static final String IN_FLIGHT = "prekeeper.in.flight";
    private static final String OPERATION = "operation";
    private static final String OUTCOME = "outcome";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    Meters(String version) {
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gauge("prekeeper.build", Tags.of("version", version), () -> 1, "Always 1; the label tells the version");
    }

    /** The text that a Prometheus server reads. */
    String scrape() {
        return registry.scrape();
    }

    /** How long answers of the store take. */
    Timer store(String operation) {
        return Timer.builder("prekeeper.store")
                .description("How long the store took to answer, or to fail")
                .tag(OPERATION, operation)
                .serviceLevelObjectives(STORE_BUCKETS)
                .register(registry);
    }

    /** How often the store gave no answer. */
    Counter storeFailures(String operation) {
        return Counter.builder("prekeeper.store.failures")
                .description("How often the store gave no answer")
                .tag(OPERATION, operation)
                .register(registry);
    }

    /** Shows a server that has started. */
    void bind(Tally tally, LiveLimits limits, WorkInFlight work, ServerConnection connection, StockCounter stock) {
        gauge(
                "prekeeper.connected",
                Tags.empty(),
                () -> connection.isConnected() ? 1 : 0,
                "1 while the XMPP server has the component connected, else 0");
        requests(tally);
        for (RateLimit limit : RateLimit.values()) {
            hits(limit.setting(), () -> limits.hits(limit));
        }
        hits("in-flight", work::turnedAway);
        inFlight("running", () -> work.count() - work.waiting());
        inFlight("waiting", work::waiting);
        gauge(
                "prekeeper.in.flight.limit",
                Tags.empty(),
                work::most,
                "How many requests may be in flight; more are turned away");
        for (StockBand band : StockBand.values()) {
            gauge(
                    "prekeeper.stock.devices",
                    Tags.of("remaining", band.label()),
                    () -> stock.devices(band),
                    "Devices that are handed out, by how many prekey messages they have left");
        }
        gauge(
                "prekeeper.devices.out.of.stock",
                Tags.empty(),
                () -> stock.devices(StockBand.NONE),
                "Devices that are handed out and have no prekey message left");
        gauge("prekeeper.stock.age.seconds", Tags.empty(), stock::ageSeconds, "How long ago the devices were counted");
    }

    private void requests(Tally tally) {
        answered(tally, Operation.HANDSHAKE, "answered", MessageType.DAKE_2);
        answered(tally, Operation.PUBLICATION, "stored", MessageType.SUCCESS);
        answered(tally, Operation.STATUS, "answered", MessageType.STORAGE_STATUS);
        answered(tally, Operation.RETRIEVAL, "found", MessageType.ENSEMBLE_RETRIEVAL);
        answered(tally, Operation.RETRIEVAL, "empty", MessageType.NO_PREKEY_ENSEMBLES);
        for (Operation operation : Operation.values()) {
            for (Refusal why : Refusal.values()) {
                request(operation, lower(why), () -> tally.refused(operation, why));
            }
            request(operation, "over-limit", () -> tally.overLimit(operation));
        }
    }

    private void answered(Tally tally, Operation operation, String outcome, MessageType answer) {
        request(operation, outcome, () -> tally.answered(answer));
    }

    private void request(Operation operation, String outcome, LongSupplier count) {
        counter(
                REQUESTS,
                Tags.of(OPERATION, lower(operation), OUTCOME, outcome),
                count,
                "Requests that were answered or refused");
    }

    private void hits(String limit, LongSupplier count) {
        counter(LIMIT_HITS, Tags.of("limit", limit), count, "How often a limit turned a request away");
    }

    private void inFlight(String state, Supplier<Number> count) {
        gauge(IN_FLIGHT, Tags.of("state", state), count, "Requests that are being worked on, or wait for it");
    }

    /** Gauges of suppliers keep them; counters would not, so the function holds what it asks. */
    private void counter(String name, Tags tags, LongSupplier count, String description) {
        FunctionCounter.builder(name, this, any -> count.getAsLong())
                .tags(tags)
                .description(description)
                .register(registry);
    }

    private void gauge(String name, Tags tags, Supplier<Number> value, String description) {
        Gauge.builder(name, value).tags(tags).description(description).register(registry);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
