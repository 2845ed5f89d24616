package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;

class AdminNoticesTest {
    private static final String ADMIN = "admin@example.org";
    private static final String OTHER_ADMIN = "root@example.net";

    private final SetClock clock = new SetClock();
    private final AdminNotices notices =
            new AdminNotices("prekey.example.org", List.of(ADMIN, OTHER_ADMIN), clock, Runnable::run);
    private final List<Message> sent = new ArrayList<>();
    private int mostSent = Integer.MAX_VALUE;

    private boolean send(Packet stanza) {
        return sent.size() < mostSent && sent.add((Message) stanza);
    }

    private List<String> told() {
        List<String> told = sent.stream()
                .map(message -> message.getTo() + ": " + message.getBody())
                .toList();
        sent.clear();
        return told;
    }

    @Test
    void eachAdministratorGetsOneChatMessage() {
        notices.connected(this::send);
        notices.tell("This happened.");
        assertTrue(sent.stream()
                .allMatch(message -> message.getType() == Message.Type.chat
                        && message.getFrom().toString().equals("prekey.example.org")
                        && message.getID() != null));
        assertEquals(List.of(ADMIN + ": This happened.", OTHER_ADMIN + ": This happened."), told());
    }

    @Test
    void whatIsToldWithoutAConnectionWaitsForIt() {
        notices.tell("One.");
        notices.tell("Two.");
        notices.connected(this::send);
        assertEquals(
                List.of(ADMIN + ": One.", OTHER_ADMIN + ": One.", ADMIN + ": Two.", OTHER_ADMIN + ": Two."), told());
        notices.connected(this::send);
        assertEquals(List.of(), told());
    }

    @Test
    void whatAConnectionLosesGoesOutOnTheNextAndNothingTwice() {
        mostSent = 1;
        notices.connected(this::send);
        notices.tell("One.");
        assertEquals(List.of(ADMIN + ": One."), told());
        mostSent = 0;
        notices.tell("Two.");
        assertEquals(List.of(), told());
        mostSent = Integer.MAX_VALUE;
        notices.connected(this::send);
        assertEquals(List.of(OTHER_ADMIN + ": One.", ADMIN + ": Two.", OTHER_ADMIN + ": Two."), told());
    }

    @Test
    void theLastOnesAreRememberedWithTheirTimes() {
        for (int number = 0; number < 25; number++) {
            clock.advance(Duration.ofMinutes(1));
            notices.tell("Notice " + number + ".");
        }
        assertEquals(
                IntStream.range(5, 25)
                        .mapToObj(number -> new AdminNotices.Notice(
                                SetClock.START.plus(Duration.ofMinutes(number + 1L)), "Notice " + number + "."))
                        .toList(),
                notices.remembered());
    }
}
