package prekeeper.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import prekeeper.store.InMemoryPrekeyStore;
import prekeeper.store.Inventory;
import prekeeper.store.StorageException;

class ReadinessTest {
    private static final Optional<String> NO_ANSWER = Optional.of("the store does not answer");

    private final Readiness readiness = new Readiness(Duration.ofMillis(200));
    private final FakeConnection connection = new FakeConnection();

    @AfterEach
    void close() {
        readiness.close();
    }

    /** An inventory whose only answer is that of {@code ping}. */
    private static Inventory answering(Runnable ping) {
        return (Inventory) Proxy.newProxyInstance(
                ReadinessTest.class.getClassLoader(), new Class<?>[] {Inventory.class}, (proxy, method, arguments) -> {
                    assertEquals("ping", method.getName());
                    ping.run();
                    return null;
                });
    }

    @Test
    void aServerIsReadyWhenItIsConnectedAndItsStoreAnswers() {
        assertEquals(Optional.of("starting"), readiness.ask());
        readiness.of(connection, new InMemoryPrekeyStore().inventory());
        assertEquals(Optional.of("not connected to the XMPP server"), readiness.ask());
        connection.connected = true;
        assertEquals(Optional.empty(), readiness.ask());
    }

    @Test
    void aStoreThatFailsIsTold() {
        readiness.of(connection, answering(() -> {
            throw new StorageException("no", null);
        }));
        assertEquals(Optional.of("not connected to the XMPP server; the store does not answer"), readiness.ask());
        connection.connected = true;
        assertEquals(NO_ANSWER, readiness.ask());
    }

    @Test
    void aStoreThatHangsIsToldAndAskedAgainWhenItIsBack() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        connection.connected = true;
        readiness.of(connection, answering(() -> {
            asked.incrementAndGet();
            await(hanging);
        }));
        assertEquals(NO_ANSWER, readiness.ask());
        assertEquals(NO_ANSWER, readiness.ask());
        assertEquals(1, asked.get());
        hanging.countDown();
        while (readiness.ask().isPresent()) { // on a machine that has no time for us
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
