package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.store.Publishing.LATER;
import static prekeeper.store.Publishing.device;
import static prekeeper.store.Publishing.key;
import static prekeeper.store.Publishing.message;
import static prekeeper.store.Together.together;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import prekeeper.crypto.Bytes;

/** What every {@link PrekeyStore} promises to callers that come at once. */
abstract class PrekeyStoreRaces extends PrekeyStoreContract {
    private static final int THREADS = 16;

    private List<Bytes> takeUntilEmpty() {
        List<Bytes> mine = new ArrayList<>();
        for (List<Ensemble> taken = take(ALICE); !taken.isEmpty(); taken = take(ALICE)) {
            taken.forEach(ensemble -> mine.add(ensemble.prekeyMessage()));
        }
        return mine;
    }

    private static void assertEachOnce(int count, List<Bytes> taken) {
        Set<Bytes> all = IntStream.range(0, count).mapToObj(Publishing::message).collect(Collectors.toSet());
        assertEquals(all, new HashSet<>(taken));
        assertEquals(count, taken.size(), "a message was handed out twice");
    }

    @Test
    void concurrentTakersNeverShareAMessageAndLeaveNone() throws Exception {
        phone().profiles().messagesFrom(0, 120).in(store);
        laptop().profiles().messagesFrom(120, 80).in(store);
        List<Bytes> taken = new ArrayList<>();
        together(THREADS, thread -> takeUntilEmpty()).forEach(taken::addAll);
        assertEachOnce(200, taken);
    }

    @RepeatedTest(5)
    void concurrentPublishersOfOneDeviceStoreEachMessageOnce() throws Exception {
        together(8, thread -> {
            phone().profiles().messagesFrom(thread * 10, 20).in(store);
            return true;
        });
        assertEquals(90, count(PHONE, KEY));
        assertEachOnce(90, takeUntilEmpty());
    }

    @RepeatedTest(5)
    void ofConcurrentLongTermKeysOneIsLeft() throws Exception {
        together(8, thread -> {
            Publishing.of(PHONE, key(thread)).profiles().messages(thread).in(store);
            return true;
        });
        assertEquals(1, take(ALICE).size());
        assertEquals(List.of(), take(ALICE));
    }

    @RepeatedTest(5)
    void concurrentPublishersNeverExceedAQuotaTogether() throws Exception {
        Quotas quotas = new Quotas(30, 3);
        List<PublicationResult> devices = together(
                8,
                thread -> Publishing.of(device(ALICE, 0x100 + thread), KEY)
                        .messages(thread)
                        .in(store, quotas));
        assertEquals(3, Collections.frequency(devices, PublicationResult.STORED), "of an account without any");
        assertEquals(5, Collections.frequency(devices, PublicationResult.TOO_MANY_DEVICES));

        DeviceId bobs = device("bob@example.org", 0x100);
        List<PublicationResult> messages = together(
                8,
                thread -> Publishing.of(bobs, KEY).messagesFrom(thread * 10, 10).in(store, quotas));
        assertEquals(3, Collections.frequency(messages, PublicationResult.STORED));
        assertEquals(5, Collections.frequency(messages, PublicationResult.TOO_MANY_PREKEY_MESSAGES));
        assertEquals(30, count(bobs, KEY));
    }

    @Test
    void publishersAndTakersDoNotDisturbEachOther() throws Exception {
        phone().profiles().in(store);
        laptop().profiles().in(store);
        int perPublisher = 50;
        List<List<Bytes>> taken = together(THREADS, thread -> {
            if (thread < 4) {
                DeviceId device = thread % 2 == 0 ? PHONE : LAPTOP;
                for (int i = 0; i < perPublisher; i++) {
                    Publishing publication = Publishing.of(device, KEY).messages(thread * perPublisher + i);
                    publication.in(store);
                    publication.in(store);
                }
                return List.of();
            }
            List<Bytes> mine = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                take(ALICE).forEach(ensemble -> mine.add(ensemble.prekeyMessage()));
            }
            return mine;
        });
        List<Bytes> all = new ArrayList<>(takeUntilEmpty());
        taken.forEach(all::addAll);
        assertEachOnce(4 * perPublisher, all);
    }

    @Test
    void aTakerNeverSeesTheMessagesOfOneKeyWithTheProfileOfAnother() throws Exception {
        List<List<Ensemble>> taken = together(THREADS, thread -> {
            List<Ensemble> mine = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                if (thread < 4) {
                    int number = thread * 100 + i;
                    Publishing.of(PHONE, key(thread))
                            .clientProfile("key " + thread, LATER, "4")
                            .prekeyProfile("key " + thread, LATER)
                            .message(number, Publishing.bytes("key " + thread))
                            .in(store);
                } else {
                    mine.addAll(take(ALICE));
                }
            }
            return mine;
        });
        for (List<Ensemble> mine : taken) {
            for (Ensemble ensemble : mine) {
                assertEquals(ensemble.clientProfile(), ensemble.prekeyProfile());
                assertEquals(ensemble.clientProfile(), ensemble.prekeyMessage());
            }
        }
    }

    @Test
    void accountsDoNotWaitForEachOther() throws Exception {
        List<Integer> taken = together(THREADS, thread -> {
            String owner = "user" + thread + "@example.org";
            Publishing.of(device(owner, 0x1000), KEY)
                    .profiles()
                    .messagesFrom(0, 20)
                    .in(store);
            int mine = 0;
            while (!take(owner).isEmpty()) {
                mine++;
            }
            return mine;
        });
        assertTrue(taken.stream().allMatch(count -> count == 20), taken::toString);
    }

    @Test
    void whatATakerHoldsNoPublisherBringsBack() throws Exception {
        phone().profiles().messagesFrom(0, 20).in(store);
        List<List<Bytes>> taken = together(8, thread -> {
            List<Bytes> mine = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                if (thread % 2 == 0) {
                    phone().profiles().messagesFrom(0, 20).in(store);
                } else {
                    take(ALICE).forEach(ensemble -> mine.add(ensemble.prekeyMessage()));
                }
            }
            return mine;
        });
        assertEachOnce(20, taken.stream().flatMap(List::stream).toList());
        assertEquals(0, count(PHONE, KEY));
        phone().messages(20).in(store);
        assertEquals(message(20), takeMessage());
    }
}
