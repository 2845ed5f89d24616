package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static prekeeper.xmpp.Stanzas.MOST_BYTES;
import static prekeeper.xmpp.Stanzas.application;
import static prekeeper.xmpp.Stanzas.assertError;
import static prekeeper.xmpp.Stanzas.assertResult;
import static prekeeper.xmpp.Stanzas.condition;
import static prekeeper.xmpp.Stanzas.iq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xmpp.packet.IQ;
import prekeeper.crypto.Bytes;
import prekeeper.service.MessageHandler;
import prekeeper.service.Outcome;
import prekeeper.service.Peer;
import prekeeper.service.Refusal;
import prekeeper.service.Request;

/** docs/protocol.md, "IQ binding". */
class IqBindingTest {
    private static final Bytes ANSWER = Bytes.fromHex("00042400");
    private static final String ANSWER_TEXT = "AAQkAA==.";

    private final List<Object> handled = new ArrayList<>();

    private IQ answer(Outcome outcome, String name, String content) {
        MessageHandler handler = (peer, request, message) -> {
            handled.addAll(List.of(peer, request, Bytes.of(message)));
            return outcome;
        };
        return binding(handler).answer(iq("set", element(name, content)));
    }

    private static IqBinding binding(MessageHandler handler) {
        SetClock clock = new SetClock();
        return new IqBinding(handler, new Unpacker(MOST_BYTES, new Reassembly(clock)), new RepeatedQueries(clock));
    }

    private static String element(String name, String content) {
        return "<" + name + " xmlns='prekeeper:otrv4-prekey:0'>" + content + "</" + name + ">";
    }

    @ParameterizedTest
    @CsvSource({"dake, DAKE", "publish, PUBLISH", "status, STATUS", "query, QUERY"})
    void aRequestIsAnsweredInAnElementOfItsName(String name, Request request) {
        IQ answer = answer(new Outcome.Reply(ANSWER), name, "AAQj.");

        assertResult(element(name, ANSWER_TEXT), answer);
        assertEquals(
                List.of(new Peer("alice@example.org/phone", "alice@example.org"), request, Bytes.fromHex("000423")),
                handled);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAQjAA==.", "AAQjAA==", "AAQjAA", " \n AAQjAA==.\n "})
    void theFinalDotThePaddingAndSpaceAroundAreOptional(String text) {
        answer(new Outcome.Reply(ANSWER), "dake", text);

        assertEquals(Bytes.fromHex("00042300"), handled.get(2));
    }

    @Test
    void anAuthenticatedFailureIsAResult() {
        assertResult(
                element("publish", ANSWER_TEXT),
                answer(new Outcome.Failed(ANSWER, Refusal.INVALID), "publish", "AAQj."));
    }

    @Test
    void aStoreThatIsAwayIsAnErrorEvenWhenAuthenticated() {
        assertError(
                "wait",
                condition("internal-server-error"),
                answer(new Outcome.Failed(ANSWER, Refusal.STORE_UNAVAILABLE), "publish", "AAQj."));
    }

    @Test
    void whatTheProtocolIgnoresIsAnError() {
        assertError(
                "modify",
                condition("unexpected-request") + application("no-handshake"),
                answer(new Outcome.Ignored(Refusal.NO_HANDSHAKE), "status", "AAQj."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "AAQ*.", "AAQj<x xmlns='y'/>", "<dake>AAQj.</dake>", "?OTRP|1|2|3,0,2,AAQj,"})
    void whatIsNoTextOfAMessageIsMalformed(String content) {
        assertError(
                "modify",
                condition("bad-request") + application("malformed"),
                answer(new Outcome.Reply(ANSWER), "dake", content));
        assertEquals(List.of(), handled);
    }

    @Test
    void whatIsOverALimitIsWorthAnotherTryLater() {
        assertError(
                "wait",
                condition("resource-constraint") + application("retry seconds='17'"),
                answer(new Outcome.Later(Duration.ofSeconds(17)), "dake", "AAQj."));
    }

    @Test
    void fragmentsGetEmptyResultsUntilTheLastIsAnswered() {
        IqBinding binding = binding((peer, request, message) -> {
            handled.addAll(List.of(peer, request, Bytes.of(message)));
            return new Outcome.Reply(ANSWER);
        });
        assertResult("", binding.answer(iq("set", element("publish", "?OTRP|1|2|3,2,3,Qj,"))));
        assertResult("", binding.answer(iq("set", element("publish", "?OTRP|1|2|3,3,3,AA==.,"))));
        assertEquals(List.of(), handled);
        assertResult(
                element("publish", ANSWER_TEXT), binding.answer(iq("set", element("publish", "?OTRP|1|2|3,1,3,AA,"))));
        assertEquals(
                List.of(
                        new Peer("alice@example.org/phone", "alice@example.org"),
                        Request.PUBLISH,
                        Bytes.fromHex("00042300")),
                handled);
    }

    @Test
    void fragmentsForWhichThereIsNoRoomAreWorthAnotherTryLater() {
        IqBinding binding = binding((peer, request, message) -> new Outcome.Reply(ANSWER));
        for (int id = 0; id < Reassembly.MOST_OPEN_OF_ACCOUNT; id++) {
            assertResult("", binding.answer(iq("set", element("publish", "?OTRP|" + id + "|2|3,1,2,A,"))));
        }
        assertError(
                "wait",
                condition("resource-constraint") + application("retry seconds='30'"),
                binding.answer(iq("set", element("publish", "?OTRP|ff|2|3,1,2,A,"))));
    }

    @Test
    void aQueryThatIsRepeatedWithItsIdIsAskedOnce() {
        AtomicInteger asked = new AtomicInteger();
        IqBinding binding =
                binding((peer, request, message) -> new Outcome.Reply(Bytes.of((byte) asked.incrementAndGet())));
        String query = "<query xmlns='prekeeper:otrv4-prekey:0' id='q1'>AAQQ.</query>";
        assertResult(element("query", "AQ==."), binding.answer(iq("set", query)));
        assertResult(element("query", "AQ==."), binding.answer(iq("set", query)));
        assertResult(element("query", "Ag==."), binding.answer(iq("set", query.replace("q1", "q2"))));
        assertResult(element("query", "Aw==."), binding.answer(iq("set", element("query", "AAQQ."))));
        assertResult(element("query", "BA==."), binding.answer(iq("set", element("query", "AAQQ."))));
    }

    @Test
    void aMessageThatIsTooLargeIsRefusedWithTheLimitAndTheLargestIsNot() {
        String larger = Base64.getEncoder().encodeToString(new byte[MOST_BYTES + 1]);
        assertError(
                "modify",
                condition("not-acceptable") + application("too-large max-bytes='1000'"),
                answer(new Outcome.Reply(ANSWER), "dake", larger));
        assertEquals(List.of(), handled);

        answer(new Outcome.Reply(ANSWER), "dake", Base64.getEncoder().encodeToString(new byte[MOST_BYTES]));
        assertEquals(3, handled.size());
    }

    @Test
    void peersArePreparedWhateverTheServerPassesOn() {
        IQ request = iq("set", element("dake", "AAQj."));
        request.getElement().addAttribute("from", "ALICE@Example.org/Phone");
        List<Peer> peers = new ArrayList<>();
        binding((peer, asked, message) -> {
                    peers.add(peer);
                    return new Outcome.Reply(ANSWER);
                })
                .answer(request);

        assertEquals(List.of(new Peer("alice@example.org/Phone", "alice@example.org")), peers);
    }
}
