package prekeeper.client.smack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.jxmpp.jid.impl.JidCreate;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyMessage;

/** How publications are cut, how long their answers may take, and how many messages are missing. */
class PublicationPartsTest {
    private static final int LARGEST_MESSAGE = 456;

    @Test
    void everyMessageIsInOnePartInItsOrder() {
        List<PrekeyMessage> messages = messages(255);
        List<List<PrekeyMessage>> parts = new PublicationParts(10_000).cut(messages, 700);
        assertEquals(messages, parts.stream().flatMap(List::stream).toList());
        assertTrue(parts.stream().allMatch(part -> !part.isEmpty() && part.size() * LARGEST_MESSAGE < 10_000));
        assertTrue(parts.get(0).size() < parts.get(1).size(), "the first leaves room for profiles");
    }

    @Test
    void withoutALimitAPartHasAHundredMessages() {
        List<Integer> sizes = new PublicationParts(Integer.MAX_VALUE)
                .cut(messages(250), 700).stream().map(List::size).toList();
        assertEquals(List.of(100, 100, 50), sizes);
    }

    /** In characters, with what stands around it. */
    @Test
    void aPartFitsTheStanzasThatTheXmppServerTakes() {
        PrekeyServer server = PrekeyServer.at(JidCreate.domainBareFromOrThrowUnchecked("prekey.example.org"));
        int most = PublicationParts.at(server, OptionalInt.of(8192)).mostBytes();
        assertTrue((most + 2) / 3 * 4 + 1_000 <= 8192, "at most 8,192 bytes of XML, not " + most + " of a message");
        assertTrue(most > 5_000, "no more handshakes than it takes");
        assertEquals(
                Integer.MAX_VALUE,
                PublicationParts.at(server, OptionalInt.empty()).mostBytes());
        assertEquals(1, PublicationParts.at(server, OptionalInt.of(10)).mostBytes());
    }

    @Test
    void profilesAloneAreAPart() {
        assertEquals(List.of(List.of()), new PublicationParts(10_000).cut(List.of(), 700));
    }

    @Test
    void aLimitThatNothingFitsStillComesToAnEnd() {
        assertEquals(3, new PublicationParts(1).cut(messages(3), 700).size());
    }

    @Test
    void patienceGrowsWithWhatWaitsBeforeAShaper() {
        assertEquals(Duration.ofSeconds(60), Patience.with(0, Duration.ofSeconds(5)));
        assertEquals(Duration.ofSeconds(90), Patience.with(60_000, Duration.ofSeconds(5)));
        assertEquals(Duration.ofSeconds(330), Patience.with(60_000, Duration.ofSeconds(300)));
    }

    @Test
    void belowTheLowMarkTheStockIsFilledToTheTarget() {
        assertEquals(100, StockKeeper.missing(0, 100));
        assertEquals(81, StockKeeper.missing(19, 100));
        assertEquals(0, StockKeeper.missing(20, 100));
        assertEquals(0, StockKeeper.missing(4_294_967_295L, 100));
        assertEquals(1, StockKeeper.missing(9, 10));
        assertEquals(0, StockKeeper.missing(10, 10));
    }

    private static List<PrekeyMessage> messages(int count) {
        Point point = new Point(Bytes.of(new byte[Point.BYTES]));
        return IntStream.range(0, count)
                .mapToObj(i -> new PrekeyMessage(i, new InstanceTag(0x1000), point, BigInteger.TWO))
                .toList();
    }
}
