package prekeeper.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import prekeeper.store.Inventory;
import prekeeper.store.Stock;
import prekeeper.store.StorageException;
import prekeeper.xmpp.CollectedLog;

class StockCounterTest {
    private static final Stock FIRST = new Stock(Map.of(0, 1, 5, 2, 101, 3), OptionalLong.of(42));
    private static final Stock LAST = new Stock(Map.of(0, 1, 7, 1), OptionalLong.empty());

    /** What the store gives next: a page, or a failure. */
    private final Queue<Object> pages = new ArrayDeque<>();

    private final Queue<Long> asked = new ArrayDeque<>();
    private final StockCounter counter = new StockCounter(
            (Inventory) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Inventory.class}, (proxy, method, arguments) -> {
                        assertEquals("stock", method.getName());
                        asked.add((Long) arguments[1]);
                        Object page = pages.remove();
                        if (page instanceof RuntimeException failure) {
                            throw failure;
                        }
                        return page;
                    }),
            InstantSource.fixed(Instant.EPOCH),
            6);

    @AfterEach
    void close() {
        counter.close();
    }

    @Test
    void pagesAreAddedUpAndShownWhenAllAreThere() {
        pages.addAll(List.of(FIRST, LAST));
        assertTrue(counter.step().compareTo(Duration.ofSeconds(30)) < 0);
        assertTrue(Double.isNaN(counter.devices(StockBand.NONE)));
        assertTrue(counter.step().compareTo(Duration.ofMinutes(1)) >= 0);
        assertEquals(List.of(0L, 42L), List.copyOf(asked));
        assertEquals(2, counter.devices(StockBand.NONE));
        assertEquals(2, counter.devices(StockBand.FEW));
        assertEquals(1, counter.devices(StockBand.LOW));
        assertEquals(0, counter.devices(StockBand.FULL));
        assertEquals(3, counter.devices(StockBand.MORE));
    }

    @Test
    void aCountThatFailsBeginsAnewAndWhatWasCountedBeforeStays() {
        pages.addAll(List.of(LAST, FIRST, new StorageException("no answer", null), LAST));
        for (int i = 0; i < 3; i++) {
            var unused = counter.step();
        }
        assertEquals(1, counter.devices(StockBand.NONE));
        assertEquals(0, counter.devices(StockBand.MORE));
        var unused = counter.step();
        assertEquals(List.of(0L, 0L, 42L, 0L), List.copyOf(asked));
        assertEquals(1, counter.devices(StockBand.NONE));
    }

    @Test
    void aDefectIsLoggedOnceInARow() {
        try (CollectedLog log = new CollectedLog()) {
            pages.addAll(List.of(new IllegalStateException("a"), new IllegalStateException("b"), LAST));
            for (int i = 0; i < 3; i++) {
                var unused = counter.step();
            }
            assertEquals(1, log.count("ERROR", "counting the stock failed"));
            assertEquals(1, counter.devices(StockBand.LOW));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, NONE",
        "1, FEW",
        "5, FEW",
        "6, LOW",
        "10, LOW",
        "11, SOME",
        "20, SOME",
        "21, HALF",
        "50, HALF",
        "51, FULL",
        "100, FULL",
        "101, MORE",
        "5000, MORE"
    })
    void everyNumberHasItsBand(int remaining, StockBand band) {
        assertEquals(band, StockBand.of(remaining));
    }
}
