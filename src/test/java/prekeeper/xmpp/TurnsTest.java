package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.xmpp.Stanzas.iq;
import static prekeeper.xmpp.Stanzas.message;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import prekeeper.wire.Fragment;

/** Who is served next, given what waits; long work is written in capitals. */
class TurnsTest {
    private final List<String> started = new ArrayList<>();

    private void ask(Turns turns, String account, String work) {
        turns.add(account, isLong(work), () -> started.add(work));
    }

    private static boolean isLong(String work) {
        return Character.isUpperCase(work.charAt(0));
    }

    /** Ends {@code work}, and tells what starts in its place. */
    private List<String> afterThe(Turns turns, String work) {
        started.clear();
        turns.end(isLong(work));
        return started;
    }

    @Test
    void whatFindsAFreeThreadStartsAtOnceAndTheRestWhenOneEnds() {
        Turns turns = new Turns(2);
        Stream.of("a1", "a2", "a3").forEach(work -> ask(turns, "a", work));
        assertEquals(List.of("a1", "a2"), started);
        assertEquals(List.of("a3"), afterThe(turns, "a1"));
        assertEquals(List.of(), afterThe(turns, "a2"));
    }

    @Test
    void accountsTakeTurnsHoweverMuchOneAsks() {
        Turns turns = new Turns(2);
        IntStream.rangeClosed(1, 60).forEach(i -> ask(turns, "a", "a" + i));
        Stream.of("b1", "b2").forEach(work -> ask(turns, "b", work));
        ask(turns, "c", "c1");
        assertEquals(List.of("a3"), afterThe(turns, "a1"));
        assertEquals(List.of("b1"), afterThe(turns, "a2"));
        assertEquals(List.of("c1"), afterThe(turns, "a3"));
        assertEquals(List.of("a4"), afterThe(turns, "b1"));
        assertEquals(List.of("b2"), afterThe(turns, "c1"));
        assertEquals(List.of("a5"), afterThe(turns, "a4"));
        assertEquals(List.of("a6"), afterThe(turns, "b2"));
    }

    @Test
    void publicationsOfDifferentAccountsTakeTurnsToo() {
        Turns turns = new Turns(2);
        Stream.of("A1", "A2", "A3").forEach(work -> ask(turns, "a", work));
        ask(turns, "b", "B1");
        assertEquals(List.of("A1"), started);
        assertEquals(List.of("A2"), afterThe(turns, "A1"));
        assertEquals(List.of("B1"), afterThe(turns, "A2"));
        assertEquals(List.of("A3"), afterThe(turns, "B1"));
    }

    @Test
    void publicationsNeverTakeTheLastThread() {
        for (int threads = 2; threads <= 16; threads++) {
            started.clear();
            Turns turns = new Turns(threads);
            for (int i = 0; i < 40; i++) {
                ask(turns, "publisher" + i, "P" + i);
            }
            assertEquals(threads - 1, started.size());
            ask(turns, "user", "short");
            assertEquals(threads, started.size());
            assertEquals(List.of(), afterThe(turns, "short"));
        }
    }

    @Test
    void shortWorkGoesBeforeAllPublicationsButOne() {
        Turns turns = new Turns(4);
        IntStream.rangeClosed(1, 6).forEach(i -> ask(turns, "publisher" + i, "P" + i));
        IntStream.rangeClosed(1, 6).forEach(i -> ask(turns, "user" + i, "u" + i));
        assertEquals(List.of("P1", "P2", "P3", "u1"), started);
        assertEquals(List.of("u2"), afterThe(turns, "P1"));
        assertEquals(List.of("u3"), afterThe(turns, "P2"));
        assertEquals(List.of("P4"), afterThe(turns, "P3")); // or publications would wait as long as users come
        assertEquals(List.of("u4"), afterThe(turns, "u1"));
    }

    @Test
    void aPublicationIsNextWhenNoneRunsHoweverManyUsersWait() {
        Turns turns = new Turns(2);
        IntStream.rangeClosed(1, 100).forEach(i -> ask(turns, "user" + i, "u" + i));
        ask(turns, "publisher", "P");
        assertEquals(List.of("P"), afterThe(turns, "u1"));
        assertEquals(List.of("u3"), afterThe(turns, "u2"));
    }

    @Test
    void whatWaitsIsForgottenAndWhatRunsMayEnd() {
        Turns turns = new Turns(2);
        Stream.of("a1", "a2", "a3", "A4").forEach(work -> ask(turns, "a", work));
        assertEquals(2, turns.waiting());
        turns.clear();
        assertEquals(0, turns.waiting());
        assertEquals(List.of(), afterThe(turns, "a1"));
        assertEquals(List.of(), afterThe(turns, "a2"));
        ask(turns, "a", "a5");
        assertEquals(List.of("a5"), started);
    }

    @Test
    void whatIsLargeOrAFragmentIsLong() {
        String most = "a".repeat(Turns.SHORT_CHARACTERS);
        String fragment = new Fragment(1, 2, 3, 1, 2, "AAQj").encode();
        assertFalse(Turns.isLong(iq("set", "<publish>" + most + "</publish>")));
        assertTrue(Turns.isLong(iq("set", "<publish>" + most + "a</publish>")));
        assertTrue(Turns.isLong(iq("set", "<publish>\n" + fragment + "</publish>")));
        assertFalse(Turns.isLong(message("", "<subject>A</subject><body>" + most + "</body>")));
        assertTrue(Turns.isLong(message("", "<subject>A</subject><body>a" + most + "</body>")));
        assertTrue(Turns.isLong(message("", "<subject>A</subject><body>" + fragment + "</body>")));
        assertFalse(Turns.isLong(message("", "")));
    }
}
