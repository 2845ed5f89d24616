package prekeeper.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.torture.Violation.Kind;

/** Shows the checker logs with one violation each, and logs of stores that kept their promises. */
class CheckerTest {
    private static final String ONE = "alice@example.org/00000100/1/aa";
    private static final String TWO = "alice@example.org/00000100/2/bb";

    @TempDir
    private Path folder;

    /** @param lines as in a log, with the second of the minute in place of the time */
    private void client(String name, String... lines) throws IOException {
        Files.write(
                folder.resolve(name + ClientLog.SUFFIX),
                List.of(lines).stream()
                        .map(line -> "2026-01-01T00:0" + line.charAt(0) + ":" + line.substring(1, 3) + "Z"
                                + line.substring(3))
                        .toList());
    }

    private List<Kind> kinds() throws IOException {
        return Checker.check(folder).stream().map(Violation::kind).toList();
    }

    private void assertKept() throws IOException {
        assertEquals(List.of(), Checker.check(folder));
    }

    private void assertLost(int howMany) throws IOException {
        List<Violation> violations = Checker.check(folder);
        assertEquals(
                List.of(Kind.LOST), violations.stream().map(Violation::kind).toList());
        assertTrue(
                violations.get(0).what().startsWith(howMany + " of alice@example.org/00000100;"), violations::toString);
    }

    @Test
    void whatIsHandedOutOnceIsInOrder() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE + " " + TWO, "001 STORED 1");
        client("taker", "002 ASK 1 alice@example.org", "003 TAKEN 1 " + ONE);
        client(
                "inventory",
                "010 ASK 1 alice@example.org",
                "011 TAKEN 1 " + TWO,
                "012 ASK 2 alice@example.org",
                "013 TAKEN 2");
        assertKept();
    }

    @Test
    void handedOutTwiceToTwo() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE, "001 STORED 1");
        client("taker1", "002 ASK 1 alice@example.org", "003 TAKEN 1 " + ONE);
        client("taker2", "004 ASK 1 alice@example.org", "005 TAKEN 1 " + ONE);
        assertEquals(List.of(Kind.HANDED_OUT_TWICE), kinds());
        assertTrue(Checker.check(folder).get(0).what().contains("taker2.client.log:2"));
    }

    @Test
    void handedOutTwiceToOneAfterItWasPublishedAgain() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE, "001 STORED 1", "004 PUBLISH 2 " + ONE, "005 STORED 2");
        client(
                "taker",
                "002 ASK 1 alice@example.org",
                "003 TAKEN 1 " + ONE,
                "006 ASK 2 alice@example.org",
                "007 TAKEN 2 " + ONE);
        assertEquals(List.of(Kind.HANDED_OUT_TWICE), kinds());
    }

    @Test
    void acknowledgedAndLost() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE + " " + TWO, "001 STORED 1");
        client("inventory", "002 ASK 1 alice@example.org", "003 TAKEN 1 " + ONE);
        assertLost(1);
    }

    @Test
    void unansweredQueryMayHaveTakenOneOfEachDevice() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE + " alice@example.org/00000200/1/cc", "001 STORED 1");
        client("taker", "002 ASK 1 alice@example.org", "003 UNANSWERED 1");
        assertKept();
    }

    @Test
    void unansweredQueryTakesNoMoreThanOneOfADevice() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE + " " + TWO, "001 STORED 1");
        client("taker", "002 ASK 1 alice@example.org", "003 UNANSWERED 1");
        assertLost(1);
    }

    @Test
    void queryOfAnotherAccountTakesNothing() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE, "001 STORED 1");
        client(
                "taker",
                "002 ASK 1 bob@example.org",
                "003 UNANSWERED 1",
                "004 ASK 2 alice@example.org",
                "005 UNASKED 2");
        assertLost(1);
    }

    @Test
    void queryTakesNothingThatIsPublishedLongAfterItHasEnded() throws Exception {
        client("taker", "000 ASK 1 alice@example.org", "001 UNANSWERED 1");
        client("publisher", "032 PUBLISH 1 " + ONE, "033 STORED 1");
        assertLost(1);
    }

    @Test
    void databaseMayFinishAQueryAfterItHasEnded() throws Exception {
        client("taker", "000 ASK 1 alice@example.org", "001 UNANSWERED 1");
        client("publisher", "002 PUBLISH 1 " + ONE, "003 STORED 1");
        assertKept();
    }

    @Test
    void eachMissingMessageNeedsAQueryOfItsOwn() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE, "001 STORED 1", "200 PUBLISH 2 " + TWO, "201 STORED 2");
        client(
                "taker",
                "100 ASK 1 alice@example.org",
                "101 UNANSWERED 1",
                "102 ASK 2 alice@example.org",
                "103 UNANSWERED 2");
        assertLost(1);
    }

    /** It may have been stored then, taken, and skipped when it came again. */
    @Test
    void firstOfSeveralPublicationsCounts() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE, "001 UNKNOWN 1", "200 PUBLISH 2 " + ONE, "201 STORED 2");
        client("taker", "100 ASK 1 alice@example.org", "101 UNANSWERED 1");
        assertKept();
    }

    @Test
    void logThatBreaksOffEndsWithAnUnansweredQuery() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE, "001 STORED 1", "200 PUBLISH 2 " + TWO);
        client("taker", "100 ASK 1 alice@example.org");
        assertKept();
    }

    @Test
    void whatHasNoAnswerMayBeStoredOrNot() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE, "001 UNKNOWN 1", "002 PUBLISH 2 " + TWO, "003 UNKNOWN 2");
        client("inventory", "004 ASK 1 alice@example.org", "005 TAKEN 1 " + ONE);
        assertKept();
    }

    @Test
    void whatWasRefusedIsNotStored() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE, "001 REFUSED 1");
        assertKept();
        client("inventory", "004 ASK 1 alice@example.org", "005 TAKEN 1 " + ONE);
        assertEquals(List.of(Kind.REFUSED_YET_STORED), kinds());
    }

    @Test
    void altered() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE, "001 STORED 1");
        client("taker", "002 ASK 1 alice@example.org", "003 TAKEN 1 " + ONE.replace("aa", "ab"));
        assertEquals(List.of(Kind.ALTERED), kinds());
    }

    @Test
    void invented() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE, "001 STORED 1");
        client("taker", "002 ASK 1 alice@example.org", "003 TAKEN 1 " + ONE + " bob@example.org/00000100/1/aa");
        assertEquals(List.of(Kind.INVENTED), kinds());
    }

    @Test
    void restoredDatabaseExcusesWhatIsMissingOfBefore() throws Exception {
        client("restores", "100 RESTORED 1");
        client("publisher", "000 PUBLISH 1 " + ONE, "001 STORED 1");
        assertKept();
        client("publisher", "000 PUBLISH 1 " + ONE, "001 STORED 1", "101 PUBLISH 2 " + TWO, "102 STORED 2");
        assertLost(1);
    }

    @Test
    void restoredDatabaseExcusesNothingTwice() throws Exception {
        client("publisher", "000 PUBLISH 1 " + ONE, "001 STORED 1");
        client("taker", "002 ASK 1 alice@example.org", "003 TAKEN 1 " + ONE);
        client("restores", "100 RESTORED 1");
        client("inventory", "101 ASK 1 alice@example.org", "102 TAKEN 1 " + ONE);
        assertEquals(List.of(Kind.HANDED_OUT_TWICE), kinds());
    }

    @Test
    void logThatEndsWhatWasNotBegunIsNone() throws Exception {
        client("taker", "002 ASK 1 alice@example.org", "003 TAKEN 2 " + ONE);
        assertThrows(IOException.class, () -> Checker.check(folder));
    }
}
