package prekeeper.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import prekeeper.service.Operation;
import prekeeper.service.Outcome;
import prekeeper.service.Peer;
import prekeeper.service.Refusal;
import prekeeper.service.Request;
import prekeeper.service.Tally;
import prekeeper.store.InMemoryPrekeyStore;
import prekeeper.store.PrekeyStore;
import prekeeper.store.StorageException;
import prekeeper.store.Take;
import prekeeper.wire.Draft;
import prekeeper.wire.EnsembleQuery;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.NoPrekeyEnsembles;
import prekeeper.xmpp.BusyWork;
import prekeeper.xmpp.Limits;
import prekeeper.xmpp.LiveLimits;
import prekeeper.xmpp.RateLimit;

class MetersTest {
    private static final Peer ALICE = new Peer("alice@example.org/phone", "alice@example.org");
    private static final InstanceTag TAG = new InstanceTag(0x1000);
    private static final byte[] QUERY =
            new EnsembleQuery(TAG, "bob@example.org", "4").encode().toByteArray();

    private final Meters meters = new Meters("1.2.3");
    private final AtomicReference<Outcome> outcome = new AtomicReference<>(new Outcome.Ignored(Refusal.MALFORMED));
    private final Tally tally = new Tally((peer, request, message) -> outcome.get());
    private final LiveLimits limits = new LiveLimits(Limits.DEFAULT);
    private final FakeConnection connection = new FakeConnection();
    private final InMemoryPrekeyStore store = new InMemoryPrekeyStore();
    private final StockCounter stock = new StockCounter(store.inventory(), InstantSource.fixed(Instant.EPOCH));

    @BeforeEach
    void bind() {
        meters.bind(tally, limits, BusyWork.of(3, 4), connection, stock);
    }

    @AfterEach
    void close() {
        stock.close();
        meters.close();
    }

    private double value(String series) {
        return scrape().value(series);
    }

    private Scrape scrape() {
        return new Scrape(200, "", meters.scrape());
    }

    @Test
    void requestsAreCountedByWhatTheyAskedForAndWhatBecameOfThem() {
        outcome.set(new Outcome.Reply(
                new NoPrekeyEnsembles(TAG, "bob@example.org", NoPrekeyEnsembles.TEXT).encode(Draft.SPEC)));
        tally.handle(ALICE, Request.QUERY, QUERY);
        outcome.set(new Outcome.Ignored(Refusal.RETRIEVER_NOT_ALLOWED));
        tally.handle(ALICE, Request.QUERY, QUERY);
        tally.handle(ALICE, Request.QUERY, QUERY);
        outcome.set(new Outcome.Later(Duration.ofSeconds(1)));
        tally.handle(ALICE, Request.QUERY, QUERY);
        assertEquals(1, value("prekeeper_requests_total{operation=\"retrieval\",outcome=\"empty\"}"));
        assertEquals(0, value("prekeeper_requests_total{operation=\"retrieval\",outcome=\"found\"}"));
        assertEquals(2, value("prekeeper_requests_total{operation=\"retrieval\",outcome=\"retriever-not-allowed\"}"));
        assertEquals(1, value("prekeeper_requests_total{operation=\"retrieval\",outcome=\"over-limit\"}"));
        for (String answered : List.of(
                "operation=\"handshake\",outcome=\"answered\"",
                "operation=\"publication\",outcome=\"stored\"",
                "operation=\"publication\",outcome=\"quota\"",
                "operation=\"status\",outcome=\"answered\"",
                "operation=\"other\",outcome=\"malformed\"")) {
            assertEquals(0, value("prekeeper_requests_total{" + answered + "}"));
        }
    }

    @Test
    void everyLimitHasItsHits() {
        BusyWork.exceed(limits, RateLimit.RETRIEVALS_OF_TARGET, 5);
        for (RateLimit limit : RateLimit.values()) {
            assertEquals(
                    limit == RateLimit.RETRIEVALS_OF_TARGET ? 5 : 0,
                    value("prekeeper_limit_hits_total{limit=\"" + limit.setting() + "\"}"));
        }
        assertEquals(4, value("prekeeper_limit_hits_total{limit=\"in-flight\"}"));
    }

    @Test
    void workIsShownByWhetherItWaits() {
        assertEquals(2, value("prekeeper_in_flight{state=\"running\"}"));
        assertEquals(3, value("prekeeper_in_flight{state=\"waiting\"}"));
        assertEquals(5, value("prekeeper_in_flight_limit"));
    }

    @Test
    void theConnectionIsShown() {
        assertEquals(0, value("prekeeper_connected"));
        connection.connected = true;
        assertEquals(1, value("prekeeper_connected"));
        assertEquals(1, value("prekeeper_build{version=\"1.2.3\"}"));
    }

    @Test
    void theStockIsNoNumberUntilItWasCounted() {
        assertTrue(Double.isNaN(value("prekeeper_devices_out_of_stock")));
        assertTrue(Double.isNaN(value("prekeeper_stock_age_seconds")));
        var unused = stock.step();
        assertEquals(0, value("prekeeper_devices_out_of_stock"));
        for (StockBand band : StockBand.values()) {
            assertEquals(0, value("prekeeper_stock_devices{remaining=\"" + band.label() + "\"}"));
        }
        assertTrue(value("prekeeper_stock_age_seconds") >= 0);
    }

    @Test
    void theStoreIsMeasuredAlsoWhenItFails() {
        PrekeyStore timed = new TimedStore(store, meters);
        Take take = new Take("bob@example.org", Draft.SPEC, "4", 1, 1);
        timed.takeEnsembles(take, Instant.EPOCH);
        timed.takeEnsembles(take, Instant.EPOCH);
        assertEquals(2, value("prekeeper_store_seconds_count{operation=\"take\"}"));
        assertEquals(2, value("prekeeper_store_seconds_bucket{operation=\"take\",le=\"15.0\"}"));
        assertEquals(2, value("prekeeper_store_seconds_bucket{operation=\"take\",le=\"+Inf\"}"));
        assertEquals(0, value("prekeeper_store_failures_total{operation=\"take\"}"));
        assertEquals(0, value("prekeeper_store_seconds_count{operation=\"publish\"}"));

        PrekeyStore failing = new TimedStore(
                (PrekeyStore) Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {PrekeyStore.class}, (proxy, method, arguments) -> {
                            throw new StorageException("no answer", null);
                        }),
                meters);
        assertThrows(StorageException.class, () -> failing.takeEnsembles(take, Instant.EPOCH));
        assertThrows(StorageException.class, () -> failing.publish(null, null, Instant.EPOCH));
        assertThrows(StorageException.class, () -> failing.count(null, null, Instant.EPOCH));
        assertEquals(3, value("prekeeper_store_seconds_count{operation=\"take\"}"));
        for (String operation : List.of("publish", "take", "count")) {
            assertEquals(1, value("prekeeper_store_failures_total{operation=\"" + operation + "\"}"));
        }
    }

    @Test
    void theProcessIsMeasured() {
        assertTrue(value("process_uptime_seconds") > 0);
        assertTrue(value("jvm_threads_live_threads") > 0);
        assertTrue(scrape().names().containsAll(List.of("process_cpu_usage", "jvm_memory_used_bytes")));
    }

    @Test
    void thereAreNoMoreSeriesAfterRequestsAndNobodysAddressInThem() {
        new TimedStore(store, meters);
        var before = scrape().values().keySet();
        for (int i = 0; i < 100; i++) {
            tally.handle(new Peer("user" + i + "@example.org/phone", "user" + i + "@example.org"), Request.ANY, QUERY);
        }
        // the collector of the JVM may have had its first pause meanwhile
        var after = scrape().values().keySet();
        after.removeIf(series -> series.startsWith("jvm_gc"));
        before.removeIf(series -> series.startsWith("jvm_gc"));
        assertEquals(before, after);
        assertFalse(meters.scrape().contains("example.org"));
        assertEquals(100, tally.refused(Operation.RETRIEVAL, Refusal.MALFORMED));
        assertTrue(after.size() < 300, after.size() + " series");
    }
}
