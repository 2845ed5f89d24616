package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.xmpp.packet.Packet;
import prekeeper.crypto.Bytes;
import prekeeper.service.LowStock;
import prekeeper.service.Outcome;
import prekeeper.service.Peer;
import prekeeper.service.Request;
import prekeeper.wire.InstanceTag;

/** docs/protocol.md, "Low stock". */
class LowStockNoticesTest {
    private static final Peer BOB = new Peer("bob@example.net/x", "bob@example.net");
    private static final LowStock PHONE = new LowStock("alice@example.org", new InstanceTag(0x1a2b3c4d), 3);
    private static final LowStock LAPTOP = new LowStock("alice@example.org", new InstanceTag(0x100), 0);

    private final SetClock clock = new SetClock();
    private final LiveLimits limits = new LiveLimits(Limits.DEFAULT);
    private final List<Packet> sent = new ArrayList<>();
    private List<LowStock> low = List.of(PHONE);
    private final LowStockNotices notices = new LowStockNotices(
            (peer, request, message) -> new Outcome.Reply(Bytes.EMPTY, low, Instant.MAX),
            Stanzas.COMPONENT,
            limits,
            clock,
            sent::add);

    private void retrieve() {
        notices.handle(BOB, Request.QUERY, new byte[0]);
    }

    @Test
    void theOwnerIsToldInAHeadlineWithoutABody() {
        retrieve();
        assertEquals(1, sent.size());
        String id = sent.get(0).getID();
        Stanzas.assertStanza(
                "<message type='headline' id='" + id + "' from='prekey.example.org' to='alice@example.org'>"
                        + "<low xmlns='prekeeper:otrv4-prekey:0' instance-tag='1a2b3c4d' remaining='3'/></message>",
                sent.get(0));
    }

    @Test
    void aDeviceIsAnnouncedOnceAnHour() {
        low = List.of(PHONE, LAPTOP);
        retrieve();
        retrieve();
        clock.advance(Duration.ofMinutes(59));
        retrieve();
        assertEquals(2, sent.size());
        clock.advance(Duration.ofMinutes(1));
        low = List.of(PHONE);
        retrieve();
        assertEquals(3, sent.size());
    }

    @Test
    void anAdministratorCanTurnItOff() {
        limits.change(new Limits(Map.of(), Limits.DEFAULT.stock(), false, OptionalInt.empty()));
        retrieve();
        assertTrue(sent.isEmpty());
    }
}
