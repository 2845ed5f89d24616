package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.xmpp.Stanzas.assertStanza;
import static prekeeper.xmpp.Stanzas.message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xmpp.packet.Message;
import prekeeper.crypto.Bytes;
import prekeeper.service.Outcome;
import prekeeper.service.Peer;
import prekeeper.service.Refusal;
import prekeeper.service.Request;
import prekeeper.wire.Armour;
import prekeeper.wire.Fragment;

/** docs/protocol.md, "Message binding". */
class MessageBindingTest {
    private static final String TEXT = "AAQjAAABAAAA.";
    private static final Bytes ANSWER = Bytes.fromHex("00042400");

    private final List<Object> handled = new ArrayList<>();
    private Outcome outcome = new Outcome.Reply(ANSWER);

    private final LiveLimits limits = new LiveLimits(Limits.DEFAULT);
    private final MessageBinding binding = new MessageBinding(
            (peer, asked, message) -> {
                handled.addAll(List.of(peer, asked, Bytes.of(message)));
                return outcome;
            },
            new Unpacker(Stanzas.MOST_BYTES, new Reassembly(new SetClock())),
            Stanzas.COMPONENT,
            limits);

    private Optional<Message> answer(Message request) {
        List<Message> answers = binding.answer(request);
        assertTrue(answers.size() < 2, answers.toString());
        return answers.stream().findFirst();
    }

    private static void assertAnswer(String attributes, String thread, Message answer) {
        String id = answer.getID();
        assertFalse(id.isEmpty());
        assertStanza(
                "<message " + attributes + " id='" + id + "' from='prekey.example.org' to='alice@example.org/phone'>"
                        + thread + "<body>AAQkAA==.</body><no-store xmlns='urn:xmpp:hints'/>"
                        + "<no-copy xmlns='urn:xmpp:hints'/><private xmlns='urn:xmpp:carbons:2'/></message>",
                answer);
    }

    @Test
    void aBodyIsAnsweredToTheFullJidWithTheTypeOfTheRequest() {
        Message answer = answer(message("type='chat' id='x'", "<body>" + TEXT + "</body>"))
                .orElseThrow();

        assertAnswer("type='chat'", "", answer);
        assertEquals(
                List.of(
                        new Peer("alice@example.org/phone", "alice@example.org"),
                        Request.ANY,
                        Bytes.of(Base64.getDecoder().decode(TEXT.replace(".", "")))),
                handled);
    }

    @Test
    void aRequestWithoutTypeHasAnAnswerWithoutType() {
        assertAnswer("", "", answer(message("", "<body> " + TEXT + "\n</body>")).orElseThrow());
    }

    @Test
    void theThreadIsKept() {
        assertAnswer(
                "type='normal'",
                "<thread>t1</thread>",
                answer(message("type='normal'", "<thread>t1</thread><body>" + TEXT + "</body>"))
                        .orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "headline", "groupchat"})
    void theseTypesAreNeverAnswered(String type) {
        assertEquals(Optional.empty(), answer(message("type='" + type + "'", "<body>" + TEXT + "</body>")));
        assertEquals(List.of(), handled);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<body/>",
                "<body>hello?</body>",
                "<body>AAQjAAABAA*AA.</body>",
                "<body xmlns='http://www.w3.org/1999/xhtml'>" + TEXT + "</body>",
                "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
                "<dake xmlns='prekeeper:otrv4-prekey:0'>" + TEXT + "</dake>"
            })
    void whatIsNoPrekeyMessageIsNotAnswered(String children) {
        assertEquals(Optional.empty(), answer(message("type='chat'", children)));
        assertEquals(List.of(), handled);
    }

    @Test
    void whatIsTooLargeIsNotAnswered() {
        String text = Base64.getEncoder().encodeToString(new byte[Stanzas.MOST_BYTES + 1]) + ".";
        assertEquals(Optional.empty(), answer(message("type='chat'", "<body>" + text + "</body>")));
        assertEquals(List.of(), handled);
    }

    @Test
    void aFailureIsSentAndWhatTheProtocolIgnoresIsNotAnswered() {
        Message request = message("type='chat'", "<body>" + TEXT + "</body>");
        outcome = new Outcome.Failed(ANSWER, Refusal.STORE_UNAVAILABLE);
        assertAnswer("type='chat'", "", answer(request).orElseThrow());

        outcome = new Outcome.Ignored(Refusal.INVALID);
        assertEquals(Optional.empty(), answer(request));
    }

    @Test
    void whatIsOverALimitIsNotAnsweredForAnAnswerCouldFloodOthers() {
        outcome = new Outcome.Later(Duration.ofSeconds(1));
        assertEquals(Optional.empty(), answer(message("type='chat'", "<body>" + TEXT + "</body>")));
    }

    @Test
    void fragmentsAreAnsweredOnceTheLastIsThereWhateverTheirOrder() {
        assertEquals(Optional.empty(), answer(message("type='chat'", "<body>?OTRP|A1|0|0,3,3,AAA.,</body>")));
        assertEquals(Optional.empty(), answer(message("type='chat'", "<body>?OTRP|00a1|0|0,1,3,AAQ,</body>")));
        assertAnswer(
                "type='chat'",
                "",
                answer(message("type='chat'", "<body>?OTRP|a1|0|0,2,3,jAAABA,</body>"))
                        .orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"?OTRP|1|2|3,0,2,AAQj,", "?OTRP|1|2|3,3,2,AAQj,", "?OTRP|1|2|3,1,0,AAQj,", "?OTRP|zz"})
    void aFragmentThatIsNoneIsNotAnswered(String body) {
        assertEquals(Optional.empty(), answer(message("type='chat'", "<body>" + body + "</body>")));
    }

    @Test
    void answersAreCutOnlyWhenALengthIsConfiguredAndGoTogetherAgain() throws Exception {
        Bytes large = Bytes.fromHex("000413" + "1a2b3c4d" + "ab".repeat(500));
        outcome = new Outcome.Reply(large);
        Message request = message("type='chat'", "<body>" + TEXT + "</body>");
        assertEquals(Armour.encode(large), answer(request).orElseThrow().getBody());

        limits.change(new Limits(Map.of(), Limits.DEFAULT.stock(), true, OptionalInt.of(Limits.LEAST_FRAGMENT_LENGTH)));
        List<Message> answers = binding.answer(request);
        assertTrue(answers.size() > 10);
        List<Fragment> fragments = new ArrayList<>();
        for (Message answer : answers) {
            assertTrue(answer.getBody().length() <= Limits.LEAST_FRAGMENT_LENGTH);
            Fragment fragment = Fragment.parse(answer.getBody());
            assertEquals(0, fragment.sender());
            assertEquals(0x1a2b3c4d, fragment.receiver());
            fragments.add(fragment);
        }
        assertEquals(Armour.encode(large), Fragment.join(fragments));
        assertEquals(
                answers.size(), answers.stream().map(Message::getID).distinct().count());
    }
}
