package prekeeper.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.store.DeviceId;
import prekeeper.store.InMemoryPrekeyStore;
import prekeeper.store.Inventory;
import prekeeper.store.Publication;
import prekeeper.store.Publication.ClientProfileEntry;
import prekeeper.store.Publication.PrekeyProfileEntry;
import prekeeper.store.Quotas;
import prekeeper.store.StorageException;
import prekeeper.store.StoreCounts;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;
import prekeeper.xmpp.CollectedLog;
import prekeeper.xmpp.SetClock;

class HousekeepingTest {
    private static final Instant SOON = SetClock.START.plusSeconds(10);
    private static final Instant LATER = SetClock.START.plusSeconds(1000);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final SetClock clock = new SetClock();
    private final Random random = new Random(1);
    private final InMemoryPrekeyStore store = new InMemoryPrekeyStore();
    private final Housekeeping housekeeping = new Housekeeping(store.inventory(), clock, random);

    /** Takes the place of an answer of the inventory. */
    private volatile Runnable before = () -> {};

    private void publish(int tag, Instant clientProfile, Instant prekeyProfile) {
        Publication publication = new Publication(
                new DeviceId("alice@example.org", new InstanceTag(tag)),
                Draft.SPEC,
                new Point(Bytes.fromHex("ab".repeat(Point.BYTES))),
                clientProfile,
                Optional.of(new ClientProfileEntry(Bytes.EMPTY, clientProfile, "4")),
                Optional.of(new PrekeyProfileEntry(Bytes.EMPTY, prekeyProfile)),
                List.of());
        store.publish(publication, new Quotas(500, 8), clock.instant());
    }

    private long devices() {
        return store.inventory().counts().devices();
    }

    private long prekeyProfiles() {
        return store.inventory().devices("alice@example.org", clock.instant()).stream()
                .filter(device -> device.prekeyProfileExpires().isPresent())
                .count();
    }

    /** The inventory, each call of which runs {@link #before} first. */
    private Inventory disturbed() {
        return (Inventory) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Inventory.class}, (proxy, method, arguments) -> {
                    before.run();
                    try {
                        return method.invoke(store.inventory(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void whatHasExpiredGoesLittleByLittleUntilNothingIsLeft() {
        for (int tag = 0x100; tag < 0x105; tag++) {
            publish(tag, SOON, SOON);
        }
        publish(0x200, LATER, LATER);
        assertIsARound(housekeeping.step());
        assertEquals(6, devices());
        clock.advance(Duration.ofSeconds(10));
        for (long left : List.of(4, 2, 1)) {
            assertEquals(PAUSE, housekeeping.step());
            assertEquals(left, devices());
        }
        assertIsARound(housekeeping.step());
        assertEquals(new StoreCounts(1, 0), store.inventory().counts());
    }

    @Test
    void anExpiredPrekeyProfileGoesBeforeItsDeviceDoes() {
        publish(0x100, LATER, SOON);
        publish(0x101, LATER, LATER);
        clock.advance(Duration.ofSeconds(10));
        assertEquals(PAUSE, housekeeping.step());
        assertIsARound(housekeeping.step());
        assertEquals(1, prekeyProfiles());
        assertEquals(2, devices());
    }

    private static void assertIsARound(Duration pause) {
        assertTrue(
                pause.compareTo(Duration.ofSeconds(45)) >= 0 && pause.compareTo(Duration.ofSeconds(75)) <= 0,
                () -> "a pause of " + pause);
    }

    @Test
    void serversThatShareAStoreDoNotMarchInStep() {
        Set<Duration> pauses = new HashSet<>();
        for (int round = 0; round < 100; round++) {
            Duration pause = housekeeping.step();
            assertIsARound(pause);
            pauses.add(pause);
        }
        assertTrue(pauses.size() > 90, pauses::toString);
    }

    @Test
    void aStoreThatFailsIsTriedAgainInTheNextRoundWithoutAWordOfOurOwn() {
        Housekeeping disturbed = new Housekeeping(disturbed(), clock, random);
        publish(0x100, SOON, SOON);
        clock.advance(Duration.ofSeconds(10));
        before = () -> {
            throw new StorageException("can not remove: the database is gone", null);
        };
        try (CollectedLog log = new CollectedLog()) {
            assertIsARound(disturbed.step());
            assertIsARound(disturbed.step());
            assertEquals(0, log.lines().size(), log.lines()::toString);
        }
        before = () -> {};
        disturbed.step();
        assertEquals(0, devices());
    }

    @Test
    void aDefectIsToldOfOnce() {
        Housekeeping disturbed = new Housekeeping(disturbed(), clock, random);
        before = () -> {
            throw new IllegalStateException("a defect");
        };
        try (CollectedLog log = new CollectedLog()) {
            assertIsARound(disturbed.step());
            assertIsARound(disturbed.step());
            assertEquals(1, log.count("ERROR", "a defect"));
            assertEquals(1, log.lines().size(), log.lines()::toString);
        }
    }

    @Test
    void roundsGoOnAfterOneThatFailsAndEndWhenClosed() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch six = new CountDownLatch(6);
        before = () -> {
            six.countDown();
            if (calls.incrementAndGet() % 2 == 0) {
                throw new IllegalStateException("a defect");
            }
        };
        Housekeeping running = new Housekeeping(disturbed(), clock, random, Duration.ofMillis(8));
        running.start();
        assertTrue(six.await(60, TimeUnit.SECONDS));
        running.close();
        int atTheEnd = calls.get();
        running.start(); // does nothing any more
        running.close();
        assertEquals(atTheEnd, calls.get());
    }
}
