package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.store.PrekeyStoreContract.ALICE;
import static prekeeper.store.PrekeyStoreContract.KEY;
import static prekeeper.store.PrekeyStoreContract.LAPTOP;
import static prekeeper.store.PrekeyStoreContract.OTHER_KEY;
import static prekeeper.store.PrekeyStoreContract.PHONE;
import static prekeeper.store.Publishing.LATER;
import static prekeeper.store.Publishing.NOW;
import static prekeeper.store.Publishing.device;
import static prekeeper.store.Publishing.key;
import static prekeeper.store.Together.together;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.crypto.Bytes;
import prekeeper.wire.Draft;

/** What every {@link Inventory} promises. */
abstract class InventoryContract {
    private static final String BOB = "bob@example.org";
    private static final Instant SOON = NOW.plusSeconds(10);

    @TempDir
    Path folder;

    PrekeyStore store;
    Inventory inventory;

    /** An empty store. */
    abstract PrekeyStore openStore();

    /** The inventory of what {@link #openStore()} gave. */
    abstract Inventory inventoryOf(PrekeyStore opened);

    @BeforeEach
    void open() {
        store = openStore();
        inventory = inventoryOf(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    static Publishing phone() {
        return Publishing.of(PHONE, KEY);
    }

    static Publishing laptop() {
        return Publishing.of(LAPTOP, KEY);
    }

    static Publishing bobs(int tag) {
        return Publishing.of(device(BOB, tag), KEY);
    }

    List<Ensemble> take(String owner) {
        return store.takeEnsembles(new Take(owner, Draft.SPEC, "4", 255, 0), NOW);
    }

    int count(DeviceId device) {
        return store.count(device, KEY, NOW);
    }

    @Test
    void devicesAreListedByTagWithWhatIsStored() {
        DeviceId last = device(ALICE, 0xFFFF_FFFF);
        Publishing.of(last, KEY)
                .draft(Draft.DEPLOYED)
                .clientProfile("client profile", LATER.plusNanos(1), "4")
                .in(store);
        laptop().profiles().messages(1, 2, 3).in(store);
        phone().messages(1).shownProfileExpires(SOON).in(store);
        bobs(0x1000).profiles().in(store);
        assertEquals(
                List.of(
                        new StoredDevice(PHONE, Optional.empty(), SOON, Optional.empty(), 1),
                        new StoredDevice(LAPTOP, Optional.of(Draft.SPEC), LATER, Optional.of(LATER), 3),
                        new StoredDevice(last, Optional.of(Draft.DEPLOYED), LATER, Optional.empty(), 0)),
                inventory.devices(ALICE, NOW));
        assertEquals(List.of(), inventory.devices("nobody@example.org", NOW));
    }

    @Test
    void aDeviceIsListedUnderEachOfItsKeys() {
        phone().profiles().messages(1).in(store);
        Publishing.of(PHONE, OTHER_KEY).messages(2, 3).in(store);
        assertEquals(
                List.of(1, 2),
                inventory.devices(ALICE, NOW).stream()
                        .map(StoredDevice::prekeyMessages)
                        .toList());
    }

    @Test
    void devicesAreCountedByTheirStockPageByPage() {
        assertEquals(new Stock(Map.of(), OptionalLong.empty()), inventory.stock(5, 0, 10, NOW));
        phone().profiles().messages(1, 2, 3).in(store);
        laptop().profiles().in(store);
        bobs(0x1000).profiles().messages(1, 2, 3, 4, 5, 6, 7).in(store);
        bobs(0x2000).profiles().messages(1, 2, 3).in(store);
        assertEquals(new Stock(Map.of(0, 1, 3, 2, 5, 1), OptionalLong.empty()), inventory.stock(5, 0, 10, NOW));
        Stock first = inventory.stock(5, 0, 3, NOW);
        assertEquals(Map.of(0, 1, 3, 1, 5, 1), first.devices());
        assertEquals(
                new Stock(Map.of(3, 1), OptionalLong.empty()),
                inventory.stock(5, first.next().orElseThrow(), 3, NOW));
        take(ALICE);
        assertEquals(
                Map.of(0, 1, 2, 1, 3, 1, 7, 1), inventory.stock(10, 0, 10, NOW).devices());
    }

    @Test
    void whatIsNotHandedOutIsNoStock() {
        phone().messages(1, 2).shownProfileExpires(LATER).in(store);
        laptop().profiles().messages(1).in(store);
        assertEquals(Map.of(1, 1), inventory.stock(5, 0, 10, NOW).devices());
        assertEquals(Map.of(), inventory.stock(5, 0, 10, LATER).devices());
    }

    @Test
    void aStoreThatWorksAnswers() {
        inventory.ping();
    }

    @Test
    void expiredDevicesAreNotListedButAnExpiredPrekeyProfileIs() {
        phone().clientProfile("client profile", SOON, "4").in(store);
        laptop().clientProfile("client profile", LATER, "4")
                .prekeyProfile("prekey profile", SOON)
                .in(store);
        assertEquals(
                List.of(new StoredDevice(LAPTOP, Optional.of(Draft.SPEC), LATER, Optional.of(SOON), 0)),
                inventory.devices(ALICE, SOON));
    }

    @Test
    void aForgottenDeviceIsGoneUnderAllItsKeys() {
        phone().profiles().messages(1, 2).in(store);
        Publishing.of(PHONE, OTHER_KEY).messages(3).in(store);
        laptop().profiles().messages(4).in(store);
        Publishing.of(device(BOB, PHONE.tag().value()), KEY)
                .profiles()
                .messages(5)
                .in(store);
        assertTrue(inventory.forget(PHONE));
        assertFalse(inventory.forget(PHONE));

        assertEquals(new StoreCounts(2, 2), inventory.counts());
        assertEquals(0, count(PHONE));
        assertEquals(1, take(ALICE).size(), "of the laptop");
        assertEquals(1, take(BOB).size());
    }

    @Test
    void aForgottenDeviceMayBeginAnewWithTheSameMessages() {
        phone().profiles().messages(1).in(store);
        take(ALICE);
        inventory.forget(PHONE);
        phone().profiles().messages(1).in(store);
        assertEquals(1, take(ALICE).size());
    }

    @Test
    void aForgottenAccountLeavesNothing() {
        phone().profiles().messages(1, 2).in(store);
        Publishing.of(PHONE, OTHER_KEY).messages(3).in(store);
        laptop().shownProfileExpires(NOW.minusSeconds(1)).messages(4).in(store);
        bobs(0x1000).profiles().messages(5).in(store);
        assertEquals(2, inventory.forget(ALICE), "a device with two keys is one");
        assertEquals(0, inventory.forget(ALICE));
        assertEquals(new StoreCounts(1, 1), inventory.counts());
    }

    @RepeatedTest(5)
    void whoForgetsDisturbsNeitherPublishersNorTakers() throws Exception {
        int rounds = 15;
        List<List<Bytes>> taken = together(9, thread -> {
            List<Bytes> mine = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                if (thread < 4) {
                    DeviceId device = thread % 2 == 0 ? PHONE : LAPTOP;
                    int number = thread * rounds + i;
                    Publishing.of(device, KEY).profiles().messages(number).in(store);
                } else if (thread < 8) {
                    take(ALICE).forEach(ensemble -> mine.add(ensemble.prekeyMessage()));
                } else if (i % 2 == 0) {
                    inventory.forget(PHONE);
                } else {
                    inventory.forget(ALICE);
                }
            }
            return mine;
        });
        List<Bytes> all = taken.stream().flatMap(List::stream).toList();
        assertEquals(all.size(), all.stream().distinct().count(), "a message was handed out twice");
        inventory.forget(ALICE);
        assertEquals(new StoreCounts(0, 0), inventory.counts(), "nothing is left without its device");
    }

    @Test
    void devicesAtOrBelowTheMarkAreLow() {
        phone().profiles().messages(1, 2, 3).in(store);
        laptop().profiles().messages(1, 2).in(store);
        bobs(0x3000).clientProfile("client profile", LATER, "4").in(store);
        bobs(0x4000).messages(1).in(store);
        bobs(0x5000).clientProfile("client profile", NOW, "4").in(store, NOW.minusSeconds(1));
        assertEquals(
                new LowStock(
                        List.of(new LowStock.Device(LAPTOP, 2), new LowStock.Device(device(BOB, 0x3000), 0)),
                        OptionalLong.empty()),
                inventory.lowOnStock(2, 0, 100, NOW),
                "neither what waits nor what has expired");
        assertEquals(
                List.of(new LowStock.Device(device(BOB, 0x3000), 0)),
                inventory.lowOnStock(0, 0, 100, NOW).devices());
        assertEquals(List.of(), inventory.lowOnStock(-1, 0, 100, NOW).devices());
        assertEquals(
                3,
                inventory.lowOnStock(Integer.MAX_VALUE, 0, 100, NOW).devices().size());
    }

    @Test
    void lowDevicesComeInPagesThatMissNone() {
        List<LowStock.Device> expected = new ArrayList<>();
        for (int tag = 0x100; tag < 0x107; tag++) {
            int stored = tag % 3;
            bobs(tag).profiles().messagesFrom(0, stored).in(store);
            if (stored <= 1) {
                expected.add(new LowStock.Device(device(BOB, tag), stored));
            }
        }
        for (int most = 1; most <= 8; most++) {
            List<LowStock.Device> found = new ArrayList<>();
            int pages = 0;
            OptionalLong next = OptionalLong.of(0);
            while (next.isPresent()) {
                LowStock page = inventory.lowOnStock(1, next.getAsLong(), most, NOW);
                found.addAll(page.devices());
                next = page.next();
                pages++;
            }
            assertEquals(expected, found);
            assertEquals(7 / most + 1, pages);
        }
    }

    @Test
    void whatHasExpiredIsRemovedTheLongestExpiredFirst() {
        for (int tag = 0x100; tag < 0x100 + 50; tag++) {
            Instant expires = NOW.plusSeconds(0x200 - tag);
            bobs(tag)
                    .clientProfile("client profile", expires, "4")
                    .messages(1, 2)
                    .in(store);
        }
        Instant whenAllButTenHave = NOW.plusSeconds(0x200 - 0x100 - 10);
        assertEquals(0, inventory.removeExpired(100, NOW));
        assertEquals(0, inventory.removeExpired(0, whenAllButTenHave));
        assertEquals(25, inventory.removeExpired(25, whenAllButTenHave));
        assertEquals(
                25,
                inventory.devices(BOB, NOW).stream()
                        .filter(stored -> stored.device().tag().value() < 0x100 + 25)
                        .count());
        assertEquals(new StoreCounts(25, 50), inventory.counts());
        assertEquals(15, inventory.removeExpired(100, whenAllButTenHave));
        assertEquals(new StoreCounts(10, 20), inventory.counts());
        assertEquals(10, inventory.devices(BOB, whenAllButTenHave).size());
    }

    @Test
    void whatWaitsIsRemovedWhenItHasExpired() {
        phone().messages(1).shownProfileExpires(SOON).in(store);
        phone().prekeyProfile("prekey profile", NOW).shownProfileExpires(SOON).in(store);
        assertEquals(0, inventory.removeExpired(10, NOW), "a Prekey Profile's expiry does not count");
        assertEquals(1, inventory.removeExpired(10, SOON));
        assertEquals(new StoreCounts(0, 0), inventory.counts());
    }

    @Test
    void anExpiredPrekeyProfileIsRemovedAndTheRestOfItsDeviceStays() {
        for (int tag = 0x100; tag < 0x100 + 10; tag++) {
            bobs(tag)
                    .clientProfile("client profile", LATER, "4")
                    .prekeyProfile("prekey profile", NOW.plusSeconds(0x200 - tag))
                    .messages(1, 2)
                    .in(store);
        }
        Instant whenAllButTwoHave = NOW.plusSeconds(0x200 - 0x100 - 2);
        assertEquals(0, inventory.removeExpiredPrekeyProfiles(100, NOW));
        assertEquals(0, inventory.removeExpiredPrekeyProfiles(0, whenAllButTwoHave));
        assertEquals(5, inventory.removeExpiredPrekeyProfiles(5, whenAllButTwoHave));
        assertEquals(
                List.of(0x100, 0x101, 0x102, 0x103, 0x104),
                inventory.devices(BOB, NOW).stream()
                        .filter(stored -> stored.prekeyProfileExpires().isPresent())
                        .map(stored -> stored.device().tag().value())
                        .toList(),
                "the longest expired ones are gone");
        assertEquals(3, inventory.removeExpiredPrekeyProfiles(100, whenAllButTwoHave));
        assertEquals(0, inventory.removeExpiredPrekeyProfiles(100, whenAllButTwoHave));
        assertEquals(new StoreCounts(10, 20), inventory.counts());
        assertEquals(0, inventory.removeExpired(100, whenAllButTwoHave));
    }

    @Test
    void aDeviceWhosePrekeyProfileWasRemovedIsHandedOutAgainWithItsNextOne() {
        phone().profiles().prekeyProfile("prekey profile", SOON).messages(1).in(store);
        assertEquals(1, inventory.removeExpiredPrekeyProfiles(10, SOON));
        assertEquals(List.of(), take(ALICE));
        phone().prekeyProfile("next", LATER).messages(1).in(store);
        assertEquals(
                List.of(Publishing.bytes("next")),
                take(ALICE).stream().map(Ensemble::prekeyProfile).toList());
        assertEquals(List.of(), take(ALICE), "identifiers stay remembered");
    }

    @RepeatedTest(5)
    void aDeviceThatIsRenewedInTimeIsNotRemoved() throws Exception {
        int devices = 30;
        for (int number = 0; number < devices; number++) {
            bobs(0x100 + number)
                    .clientProfile("client profile", SOON, "4")
                    .messages(number)
                    .in(store);
        }
        together(6, thread -> {
            for (int number = 0; number < devices; number++) {
                if (thread < 4) {
                    if (number % 4 == thread) {
                        bobs(0x100 + number)
                                .clientProfile("renewed", LATER, "4")
                                .in(store, SOON.minusSeconds(1));
                    }
                } else {
                    inventory.removeExpired(7, SOON);
                }
            }
            return true;
        });
        List<StoredDevice> left = inventory.devices(BOB, SOON);
        assertEquals(devices, left.size(), "renewed or made anew");
        assertTrue(left.stream().allMatch(device -> device.expires().equals(LATER)), left::toString);
        assertEquals(
                left.stream().mapToLong(StoredDevice::prekeyMessages).sum(),
                inventory.counts().prekeyMessages(),
                "messages live and go with their device");
        assertEquals(0, inventory.removeExpired(100, SOON));
    }

    @RepeatedTest(5)
    void aPrekeyProfileThatIsRenewedMeanwhileIsNotRemoved() throws Exception {
        int devices = 30;
        for (int number = 0; number < devices; number++) {
            bobs(0x100 + number).profiles().prekeyProfile("first", SOON).in(store);
        }
        together(6, thread -> {
            for (int number = 0; number < devices; number++) {
                if (thread >= 4) {
                    inventory.removeExpiredPrekeyProfiles(7, SOON);
                } else if (number % 4 == thread) {
                    bobs(0x100 + number).prekeyProfile("renewed", LATER).in(store, SOON);
                }
            }
            return true;
        });
        List<StoredDevice> left = inventory.devices(BOB, SOON);
        assertEquals(devices, left.size());
        assertTrue(
                left.stream().allMatch(device -> device.prekeyProfileExpires().equals(Optional.of(LATER))),
                left::toString);
    }

    @Test
    void countsTellOfExpiredOnesToo() {
        assertEquals(new StoreCounts(0, 0), inventory.counts());
        phone().profiles().messages(1, 2).in(store);
        Publishing.of(PHONE, key(7)).messages(1).in(store);
        laptop().clientProfile("client profile", NOW, "4").messages(1).in(store);
        assertEquals(new StoreCounts(3, 4), inventory.counts());
        take(ALICE);
        assertEquals(new StoreCounts(3, 3), inventory.counts());
    }

    @Test
    void theEngineHasANameAndAVersion() {
        assertTrue(inventory.engine().matches("[A-Za-z0-9]+ [0-9.]+"), inventory.engine());
    }
}
