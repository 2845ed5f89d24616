package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static prekeeper.xmpp.Stanzas.MOST_BYTES;
import static prekeeper.xmpp.Stanzas.application;
import static prekeeper.xmpp.Stanzas.assertError;
import static prekeeper.xmpp.Stanzas.assertResult;
import static prekeeper.xmpp.Stanzas.condition;
import static prekeeper.xmpp.Stanzas.iq;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
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
        return new IqBinding(handler, MOST_BYTES).answer(iq("set", element(name, content)));
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
    @ValueSource(strings = {"!", "AAQ*.", "AAQj<x xmlns='y'/>", "<dake>AAQj.</dake>", "?OTRP|1|2|3,1,2,AAQj,"})
    void whatIsNoTextOfAMessageIsMalformed(String content) {
        assertError(
                "modify",
                condition("bad-request") + application("malformed"),
                answer(new Outcome.Reply(ANSWER), "dake", content));
        assertEquals(List.of(), handled);
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
        new IqBinding(
                        (peer, asked, message) -> {
                            peers.add(peer);
                            return new Outcome.Reply(ANSWER);
                        },
                        MOST_BYTES)
                .answer(request);

        assertEquals(List.of(new Peer("alice@example.org/Phone", "alice@example.org")), peers);
    }
}
