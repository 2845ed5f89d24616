package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static prekeeper.store.PrekeyStoreContract.ALICE;
import static prekeeper.store.PrekeyStoreContract.KEY;
import static prekeeper.store.PrekeyStoreContract.PHONE;
import static prekeeper.store.Publishing.NOW;
import static prekeeper.store.Publishing.message;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.crypto.Bytes;
import prekeeper.wire.Draft;

/** That a database which is older than what was handed out hands nothing of it out again. */
abstract class RestoredDatabaseContract {
    @TempDir
    Path folder;

    private final List<SpentPrekeys> told = new ArrayList<>();

    /** An empty database without a takings file. */
    abstract StoreSettings makeDatabase();

    /** Keeps a copy of the database, which no store has open. */
    abstract void keepCopy() throws Exception;

    /** Puts the copy in the place of the database, which no store has open. */
    abstract void putCopyBack() throws Exception;

    StoreSettings settings;

    @BeforeEach
    void make() {
        settings = makeDatabase().withTakingsFile(folder.resolve("identity.key.takings"));
    }

    JdbcPrekeyStore open() {
        return JdbcPrekeyStore.open(settings, told::add);
    }

    static Optional<Bytes> take(PrekeyStore store) {
        return store.takeEnsembles(new Take(ALICE, Draft.SPEC, "4", 1, 0), NOW).stream()
                .map(Ensemble::prekeyMessage)
                .findFirst();
    }

    static Publishing phone() {
        return Publishing.of(PHONE, KEY);
    }

    void assertTold(SpentPrekeys... expected) {
        assertEquals(List.of(expected), told);
    }

    private static SpentPrekeys atStart(long prekeyMessages) {
        return new SpentPrekeys(prekeyMessages, SpentPrekeys.Occasion.START);
    }

    @Test
    void startsAndTakingsSpendNothing() {
        try (JdbcPrekeyStore store = open()) {
            phone().profiles().messagesFrom(0, 10).in(store);
        }
        for (int i = 0; i < 3; i++) {
            try (JdbcPrekeyStore store = open()) {
                assertEquals(Optional.of(message(2 * i)), take(store));
                assertEquals(Optional.of(message(2 * i + 1)), take(store));
            }
        }
        try (JdbcPrekeyStore store = open()) {
            assertEquals(4, store.count(PHONE, KEY, NOW));
        }
        assertTold();
    }

    @Test
    void whatWasHandedOutSinceTheCopyIsNotHandedOutAgain() throws Exception {
        try (JdbcPrekeyStore store = open()) {
            phone().profiles().messages(1, 2, 3).in(store);
            assertEquals(Optional.of(message(1)), take(store));
        }
        keepCopy();
        try (JdbcPrekeyStore store = open()) {
            assertEquals(Optional.of(message(2)), take(store));
        }
        putCopyBack();
        try (JdbcPrekeyStore store = open()) {
            assertTold(atStart(2));
            assertEquals(Optional.empty(), take(store));
            phone().messages(1, 2, 3).in(store);
            assertEquals(Optional.empty(), take(store), "also when it is published again");
            phone().messages(4).in(store);
            assertEquals(Optional.of(message(4)), take(store), "and new ones are");
        }
        try (JdbcPrekeyStore store = open()) {
            phone().messages(5).in(store);
            assertEquals(Optional.of(message(5)), take(store));
        }
        assertTold(atStart(2));
    }

    @Test
    void aCopyThatIsPutBackTwiceIsNoticedTwice() throws Exception {
        try (JdbcPrekeyStore store = open()) {
            phone().profiles().messages(1, 2).in(store);
        }
        keepCopy();
        try (JdbcPrekeyStore store = open()) {
            assertEquals(Optional.of(message(1)), take(store));
        }
        for (int i = 0; i < 2; i++) {
            putCopyBack();
            try (JdbcPrekeyStore store = open()) {
                assertEquals(Optional.empty(), take(store));
            }
        }
        assertTold(atStart(2), atStart(2));
    }

    @Test
    void aCopyFromBeforeTheFirstTakingIsNoticed() throws Exception {
        try (JdbcPrekeyStore store = JdbcPrekeyStore.open(makeDatabase())) {
            phone().profiles().messages(1, 2).in(store);
        }
        keepCopy();
        try (JdbcPrekeyStore store = open()) {
            assertEquals(Optional.of(message(1)), take(store));
        }
        putCopyBack();
        try (JdbcPrekeyStore store = open()) {
            assertEquals(Optional.empty(), take(store));
        }
        assertTold(atStart(2));
    }

    @Test
    void aCopyThatHasEverythingIsAsGoodAsTheOriginal() throws Exception {
        try (JdbcPrekeyStore store = open()) {
            phone().profiles().messages(1, 2).in(store);
            assertEquals(Optional.of(message(1)), take(store));
        }
        keepCopy();
        putCopyBack();
        try (JdbcPrekeyStore store = open()) {
            assertEquals(Optional.of(message(2)), take(store));
        }
        assertTold();
    }

    @Test
    void anEmptyDatabaseInPlaceOfAnotherFrightensNobody() throws Exception {
        JdbcPrekeyStore.open(makeDatabase()).close();
        keepCopy();
        try (JdbcPrekeyStore store = open()) {
            phone().profiles().messages(1).in(store);
            assertEquals(Optional.of(message(1)), take(store));
        }
        putCopyBack();
        try (JdbcPrekeyStore store = open()) {
            phone().profiles().messages(2).in(store);
            assertEquals(Optional.of(message(2)), take(store));
        }
        assertTold();
    }
}
