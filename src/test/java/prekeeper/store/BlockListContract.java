package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.store.Publishing.NOW;
import static prekeeper.store.Together.together;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What every {@link BlockList} promises. */
abstract class BlockListContract {
    PrekeyStore store;
    BlockList list;

    /** An empty store. */
    abstract PrekeyStore openStore();

    /** The list of what {@link #openStore()} gave. */
    abstract BlockList blockListOf(PrekeyStore opened);

    @BeforeEach
    void open() {
        store = openStore();
        list = blockListOf(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<String> blocked() {
        return List.copyOf(list.blocked());
    }

    @Test
    void aNewListIsEmpty() {
        assertEquals(List.of(), blocked());
        assertFalse(list.unblock("example.com"));
    }

    @Test
    void entriesAreSorted() {
        assertTrue(list.block("mallory@example.org", NOW));
        assertTrue(list.block("example.com", NOW));
        assertEquals(List.of("example.com", "mallory@example.org"), blocked());
    }

    @Test
    void anEntryIsThereOnce() {
        assertTrue(list.block("example.com", NOW));
        assertFalse(list.block("example.com", NOW.plusSeconds(1)));
        assertEquals(List.of("example.com"), blocked());
        assertTrue(list.unblock("example.com"));
        assertFalse(list.unblock("example.com"));
        assertEquals(List.of(), blocked());
        assertTrue(list.block("example.com", NOW));
    }

    @Test
    void entriesAreTakenAsTheyAre() {
        List<String> entries = List.of("", "O'Neil%_", "example.com", "example.com ", "x".repeat(3071));
        for (String entry : entries) {
            assertTrue(list.block(entry, NOW));
        }
        assertEquals(entries.stream().sorted().toList(), blocked());
    }

    @Test
    void aListThatWasReadDoesNotChange() {
        list.block("example.com", NOW);
        SortedSet<String> read = list.blocked();
        list.block("example.net", NOW);
        assertEquals(1, read.size());
        assertThrows(UnsupportedOperationException.class, () -> read.add("example.net"));
    }

    @RepeatedTest(5)
    void ofManyWhoBlockTheSameOneDoes() throws Exception {
        List<Boolean> added = together(8, thread -> list.block("example.com", NOW));
        assertEquals(1, Collections.frequency(added, true));
        List<Boolean> removed = together(8, thread -> list.unblock("example.com"));
        assertEquals(1, Collections.frequency(removed, true));
    }
}
