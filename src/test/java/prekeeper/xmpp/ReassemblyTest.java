package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import prekeeper.service.Peer;
import prekeeper.wire.Fragment;
import prekeeper.wire.MalformedMessageException;
import prekeeper.xmpp.Reassembly.Result;

/** docs/protocol.md, "Fragments". */
class ReassemblyTest {
    private static final Peer PHONE = new Peer("alice@example.org/phone", "alice@example.org");
    private static final Peer LAPTOP = new Peer("alice@example.org/laptop", "alice@example.org");
    private static final String TEXT = "AAQ3" + "x".repeat(500) + ".";

    private final SetClock clock = new SetClock();
    private final Reassembly reassembly = new Reassembly(clock);

    private static Fragment piece(int id, int index, int total) {
        return new Fragment(id, 1, 2, index, total, "p" + index);
    }

    private Result add(Peer peer, int id, int index, int total) throws MalformedMessageException {
        return reassembly.add(peer, piece(id, index, total));
    }

    @Test
    void fragmentsInAnyOrderGiveTheTextOnceTheLastIsThere() throws Exception {
        List<String> cut = new ArrayList<>(Fragment.split(TEXT, 0xABCDEF01, 0, 0, 60));
        Collections.shuffle(cut, new Random(1));
        for (int i = 0; i < cut.size() - 1; i++) {
            assertEquals(new Result.Kept(), reassembly.add(PHONE, Fragment.parse(cut.get(i))));
        }
        Fragment last = Fragment.parse(cut.get(cut.size() - 1));
        assertEquals(new Result.Whole(TEXT), reassembly.add(PHONE, last));
        assertEquals(new Result.Kept(), reassembly.add(PHONE, last), "nothing is left of the first message");
    }

    @Test
    void aSingleFragmentIsWholeAtOnce() throws Exception {
        assertEquals(new Result.Whole("p1"), add(PHONE, 1, 1, 1));
    }

    @Test
    void everyAddressAndEveryIdentifierHasItsOwnMessage() throws Exception {
        add(PHONE, 1, 1, 2);
        assertEquals(new Result.Kept(), add(PHONE, 2, 2, 2));
        assertEquals(new Result.Kept(), add(LAPTOP, 1, 2, 2));
        assertEquals(new Result.Whole("p1p2"), add(PHONE, 1, 2, 2));
    }

    @Test
    void aRepeatedIndexIsIgnoredAndTheFirstCounts() throws Exception {
        add(PHONE, 1, 1, 2);
        assertEquals(new Result.Kept(), reassembly.add(PHONE, new Fragment(1, 1, 2, 1, 2, "other")));
        assertEquals(new Result.Whole("p1p2"), add(PHONE, 1, 2, 2));
    }

    @Test
    void anotherTotalEndsTheMessage() throws Exception {
        add(PHONE, 1, 1, 3);
        add(PHONE, 1, 2, 3);
        assertThrows(MalformedMessageException.class, () -> add(PHONE, 1, 3, 4));
        assertEquals(new Result.Kept(), add(PHONE, 1, 3, 3));
    }

    @Test
    void aMessageIsForgottenTwoMinutesAfterItsFirstFragment() throws Exception {
        add(PHONE, 1, 1, 3);
        clock.advance(Duration.ofSeconds(119));
        add(PHONE, 1, 2, 3);
        add(PHONE, 2, 1, 2);
        clock.advance(Duration.ofSeconds(1));
        assertEquals(new Result.Kept(), add(PHONE, 1, 3, 3));
        assertEquals(new Result.Whole("p1p2"), add(PHONE, 2, 2, 2));
    }

    @Test
    void anAccountMayHaveAFewOpenAndOthersAreNotTouchedByIt() throws Exception {
        for (int id = 0; id < Reassembly.MOST_OPEN_OF_ACCOUNT; id++) {
            assertEquals(new Result.Kept(), add(id % 2 == 0 ? PHONE : LAPTOP, id, 1, 2));
        }
        assertEquals(new Result.NoRoom(), add(PHONE, 1000, 1, 2));
        assertEquals(new Result.Kept(), add(new Peer("bob@example.org/x", "bob@example.org"), 1000, 1, 2));
        assertInstanceOf(Result.Whole.class, add(PHONE, 0, 2, 2));
        assertEquals(new Result.Kept(), add(PHONE, 1000, 1, 2));
    }

    @Test
    void allTogetherMayHaveABoundedNumberOpenAndTimeMakesRoom() throws Exception {
        for (int account = 0; account < Reassembly.MOST_OPEN; account++) {
            assertEquals(new Result.Kept(), add(stranger(account), 1, 1, 2));
        }
        assertEquals(new Result.NoRoom(), add(PHONE, 1, 1, 2));
        assertInstanceOf(Result.Whole.class, add(stranger(0), 1, 2, 2));
        assertEquals(new Result.Kept(), add(PHONE, 1, 1, 2));
        clock.advance(Reassembly.TIME_LIMIT);
        for (int account = 0; account < Reassembly.MOST_OPEN; account++) {
            assertEquals(new Result.Kept(), add(stranger(account), 1, 1, 2));
        }
    }

    @Test
    void theSizeOfWhatIsOpenIsBoundedForAnAccountAndForAll() throws Exception {
        String half = "x".repeat(Reassembly.MOST_CHARS_OF_ACCOUNT / 2 - Reassembly.PIECE_OVERHEAD);
        int accounts = Reassembly.MOST_CHARS / Reassembly.MOST_CHARS_OF_ACCOUNT;
        for (int account = 0; account < accounts; account++) {
            assertEquals(new Result.Kept(), reassembly.add(stranger(account), new Fragment(1, 1, 2, 1, 3, half)));
            assertEquals(new Result.Kept(), reassembly.add(stranger(account), new Fragment(1, 1, 2, 2, 3, half)));
            assertEquals(new Result.NoRoom(), add(stranger(account), 1, 3, 3));
        }
        assertEquals(new Result.NoRoom(), add(PHONE, 1, 1, 2));
    }

    @Test
    void manySmallPiecesAreNoWayAroundTheBound() throws Exception {
        int kept = 0;
        while (reassembly
                .add(PHONE, new Fragment(1, 1, 2, kept + 1, 65535, "x"))
                .equals(new Result.Kept())) {
            kept++;
        }
        assertEquals(Reassembly.MOST_CHARS_OF_ACCOUNT / (1 + Reassembly.PIECE_OVERHEAD), kept);
    }

    private static Peer stranger(int number) {
        String account = "user" + number + "@example.net";
        return new Peer(account + "/x", account);
    }
}
