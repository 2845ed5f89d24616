package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.store.PrekeyStoreContract.ALICE;
import static prekeeper.store.PrekeyStoreContract.KEY;
import static prekeeper.store.PrekeyStoreContract.PHONE;
import static prekeeper.store.Publishing.LATER;
import static prekeeper.store.Publishing.NOW;
import static prekeeper.store.Publishing.device;
import static prekeeper.store.Publishing.key;
import static prekeeper.store.Publishing.message;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.wire.Draft;

/** That what a database has is shown as it is, and that another one filled with it is the same. */
abstract class StoreContentsContract {
    @TempDir
    Path folder;

    private JdbcPrekeyStore store;

    /** An empty store; each call gives another one, twice at most. */
    abstract JdbcPrekeyStore openEmpty();

    @BeforeEach
    void open() {
        store = openEmpty();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aStoreIsShownInTheOrderOfItsDevicesAndMessages() throws IOException {
        store.blockList().block("spam.example", NOW);
        phone().profiles().messages(7, -1, 5).in(store);
        take(store, ALICE);
        Publishing.of(device("bob@example.org", -1), key(2))
                .draft(Draft.DEPLOYED)
                .messages(3)
                .in(store);

        RecordedContents expected = new RecordedContents();
        expected.device(new DeviceContents(
                ALICE,
                PHONE.tag().value(),
                KEY.encoded(),
                LATER,
                Optional.of(new DeviceContents.ClientProfileContents(stored("client profile"), "SPEC", "4", NOW)),
                Optional.of(new DeviceContents.PrekeyProfileContents(stored("prekey profile"), "SPEC", LATER)),
                3));
        expected.prekeyMessage(1, new StoredBytes(message(-1), true));
        expected.prekeyMessage(2, new StoredBytes(message(5), true));
        expected.rememberedIdentifiers(List.of(5, 7, -1));
        expected.device(new DeviceContents(
                "bob@example.org", 0xFFFF_FFFFL, key(2).encoded(), LATER, Optional.empty(), Optional.empty(), 1));
        expected.prekeyMessage(0, new StoredBytes(message(3), true));
        expected.rememberedIdentifiers(List.of(3));
        expected.blocked("spam.example", NOW);
        assertEquals(expected, RecordedContents.of(store.contents()));
    }

    @Test
    void aStoreThatIsFilledIsTheSameAndGoesOn() throws IOException {
        phone().profiles().messagesFrom(0, 250).in(store);
        take(store, ALICE);
        for (int number = 0; number < 120; number++) {
            Publishing.of(device("user" + number % 40 + "@example.org", 0x100 + number), KEY)
                    .profiles()
                    .messages(number)
                    .in(store);
        }
        Publishing.of(device("waits@example.org", 0x100), key(1)).messages(1).in(store);
        Publishing.of(device("waits@example.org", 0x100), key(2)).messages(1).in(store);
        store.blockList().block("spam.example", NOW);
        RecordedContents all = RecordedContents.of(store.contents());
        try (JdbcPrekeyStore other = openEmpty()) {
            other.contents().fillFrom(store.contents());
            assertEquals(all, RecordedContents.of(other.contents()));

            phone().messages(0, 1, 300).in(other);
            assertEquals(250, other.count(PHONE, KEY, NOW), "identifiers stay remembered");
            assertEquals(message(1), take(other, ALICE).orElseThrow().prekeyMessage(), "and order is kept");
            Publishing.of(device("user1@example.org", 0x999), KEY).profiles().in(other);
            assertEquals(4, other.inventory().devices("user1@example.org", NOW).size());
        }
    }

    @Test
    void manyIdentifiersAreShownInSeveralParts() throws IOException {
        phone().profiles().messagesFrom(0, 1_000).in(store);
        for (int i = 0; i < 1_000; i++) {
            take(store, ALICE);
        }
        phone().messagesFrom(1_000, 1_000).in(store);
        int[] parts = new int[1];
        int[] identifiers = new int[1];
        store.contents().showTo(new RecordedContents() {
            @Override
            public void rememberedIdentifiers(List<Integer> some) {
                parts[0]++;
                identifiers[0] += some.size();
            }
        });
        assertEquals(2, parts[0]);
        assertEquals(2_000, identifiers[0]);
    }

    @Test
    void onlyAStoreWithoutDevicesIsFilled() throws IOException {
        phone().messages(1).in(store);
        RecordedContents before = RecordedContents.of(store.contents());
        StorageException refused =
                assertThrows(StorageException.class, () -> store.contents().fillFrom(new RecordedContents()));
        assertEquals(
                "the store has devices already, and only one without any is filled; name an empty database",
                refused.getMessage());
        assertEquals(before, RecordedContents.of(store.contents()));
    }

    @Test
    void aSourceThatBreaksOffLeavesNothing() throws IOException {
        RecordedContents before = new RecordedContents();
        before.blocked("ham.example", NOW);
        before.takingMark("server", 5, false);
        store.contents().fillFrom(before);
        IOException broken = new IOException("broken");
        Contents contents = sink -> {
            sink.device(row(ALICE, 6_000));
            for (int i = 0; i < 6_000; i++) { // more than are committed at once
                sink.prekeyMessage(i, stored("message"));
            }
            sink.rememberedIdentifiers(List.of(1, 2, 3));
            sink.device(row("bob@example.org", 0));
            sink.blocked("spam.example", NOW);
            sink.takingMark("server", 6, false);
            throw broken;
        };
        assertSame(
                broken, assertThrows(IOException.class, () -> store.contents().fillFrom(contents)));
        assertEquals(before, RecordedContents.of(store.contents()));
    }

    @Test
    void oneDeviceTwiceIsRefusedAndLeavesNothing() throws IOException {
        StorageException refused = assertThrows(
                StorageException.class,
                () -> store.contents().fillFrom(sink -> {
                    sink.device(row(ALICE, 0));
                    sink.device(row(ALICE, 0));
                }));
        assertTrue(refused.getMessage().startsWith("can not fill the store: "), refused.getMessage());
        assertEquals(new RecordedContents(), RecordedContents.of(store.contents()));
    }

    @Test
    void marksOfTakingsComeWithTheContentsAndReplaceWhatWasThere() throws IOException {
        RecordedContents first = new RecordedContents();
        first.takingMark("server 1", 5, false);
        first.takingMark("server 2", 7, true);
        store.contents().fillFrom(first);
        assertEquals(first, RecordedContents.of(store.contents()));
        RecordedContents second = new RecordedContents();
        second.takingMark("server 1", 3, false);
        store.contents().fillFrom(second);
        assertEquals(second, RecordedContents.of(store.contents()));
    }

    @Test
    void allThatIsShownIsOfOneMoment() throws IOException {
        phone().profiles().messagesFrom(0, 150).in(store);
        Publishing.of(device("bob@example.org", 0x100), KEY)
                .profiles()
                .messages(1, 2)
                .in(store);
        RecordedContents before = RecordedContents.of(store.contents());
        RecordedContents shown = new RecordedContents() {
            private boolean changed;

            @Override
            public void device(DeviceContents device) {
                super.device(device);
                if (!changed) {
                    changed = true;
                    take(store, ALICE);
                    store.inventory().forget("bob@example.org");
                    Publishing.of(Publishing.device("carol@example.org", 0x100), KEY)
                            .messages(1)
                            .in(store);
                }
            }
        };
        store.contents().showTo(shown);
        assertEquals(before, shown);
        assertNotEquals(before, RecordedContents.of(store.contents()));
    }

    @Test
    void whatIsSpentIsGoneAndStaysRemembered() throws IOException {
        RecordedContents marks = new RecordedContents();
        marks.takingMark("server", 5, false);
        store.contents().fillFrom(marks);
        phone().profiles().messages(1, 2, 3).in(store);
        assertEquals(3, store.contents().spend());
        assertEquals(0, store.contents().spend());
        phone().messages(1, 2, 3, 4).in(store);
        assertEquals(1, store.count(PHONE, KEY, NOW));
        boolean[] forgiven = new boolean[1];
        store.contents().showTo(new RecordedContents() {
            @Override
            public void takingMark(String server, long mark, boolean isForgiven) {
                forgiven[0] = isForgiven;
            }
        });
        assertTrue(forgiven[0], "no server has to spend again");
    }

    @Test
    void whatIsDamagedIsShownAndStaysSo() throws IOException {
        RecordedContents damaged = new RecordedContents();
        damaged.device(row(ALICE, 1));
        damaged.prekeyMessage(0, new StoredBytes(Publishing.bytes("no checksum behind it"), false));
        store.contents().fillFrom(damaged);
        assertEquals(damaged, RecordedContents.of(store.contents()));
    }

    private static DeviceContents row(String owner, long next) {
        return new DeviceContents(owner, 0x100, KEY.encoded(), LATER, Optional.empty(), Optional.empty(), next);
    }

    private static Publishing phone() {
        return Publishing.of(PHONE, KEY);
    }

    private static StoredBytes stored(String text) {
        return new StoredBytes(Publishing.bytes(text), true);
    }

    private static Optional<Ensemble> take(PrekeyStore from, String owner) {
        return from.takeEnsembles(new Take(owner, Draft.SPEC, "4", 1, 0), NOW).stream()
                .findFirst();
    }
}
