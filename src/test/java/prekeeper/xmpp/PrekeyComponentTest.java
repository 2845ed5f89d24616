package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.xmpp.Stanzas.assertError;
import static prekeeper.xmpp.Stanzas.assertResult;
import static prekeeper.xmpp.Stanzas.component;
import static prekeeper.xmpp.Stanzas.condition;
import static prekeeper.xmpp.Stanzas.iq;
import static prekeeper.xmpp.Stanzas.message;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xmpp.component.Component;
import org.xmpp.packet.IQ;
import prekeeper.crypto.Bytes;
import prekeeper.service.MessageHandler;
import prekeeper.service.Outcome;

class PrekeyComponentTest {
    private static final MessageHandler REPLY = (peer, request, message) -> new Outcome.Reply(Bytes.of((byte) 0));
    private static final MessageHandler DEFECT = (peer, request, message) -> {
        throw new IllegalStateException("secret text of " + peer.address(), new RuntimeException("secret cause"));
    };
    private static final String DAKE = "<dake xmlns='prekeeper:otrv4-prekey:0'>AAQjAAABAAAA.</dake>";

    private static IQ answer(IQ request) throws Exception {
        Component component = component(REPLY);
        try (SentPackets sent = new SentPackets(component)) {
            component.processPacket(request);
            return sent.nextIq();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "query, http://jabber.org/protocol/disco#info",
        "query, http://jabber.org/protocol/disco#items",
        "query, jabber:iq:version",
        "query, jabber:iq:last",
        "time,  urn:xmpp:time",
        "ping,  urn:xmpp:ping",
    })
    void everyGetOfDiscoveryIsAnsweredAndNoSet(String name, String namespace) throws Exception {
        String child = "<" + name + " xmlns='" + namespace + "'/>";
        assertEquals(IQ.Type.result, answer(iq("get", child)).getType());
        assertError("cancel", condition("service-unavailable"), answer(iq("set", child)));
    }

    @Test
    void aPingIsAnsweredEmpty() throws Exception {
        assertResult("", answer(iq("get", "<ping xmlns='urn:xmpp:ping'/>")));
    }

    @Test
    void lastTellsSecondsSinceTheStart() throws Exception {
        assertResult(
                "<query xmlns='jabber:iq:last' seconds='0'/>", answer(iq("get", "<query xmlns='jabber:iq:last'/>")));
    }

    @Test
    void theIqBindingIsAnsweredToSetsOnly() throws Exception {
        assertResult("<dake xmlns='prekeeper:otrv4-prekey:0'>AA==.</dake>", answer(iq("set", DAKE)));
        assertError("cancel", condition("service-unavailable"), answer(iq("get", DAKE)));
    }

    @ParameterizedTest
    @CsvSource({
        "get, <query xmlns='jabber:iq:roster'/>",
        "set, <query xmlns='jabber:iq:register'/>",
        "get, <info xmlns='http://jabber.org/protocol/disco#info'/>",
        "set, <publication xmlns='prekeeper:otrv4-prekey:0'/>",
        "set, <dake xmlns='prekeeper:otrv4-prekey:1'/>",
        "get, <command xmlns='http://jabber.org/protocol/commands'/>",
    })
    void anUnknownIqIsServiceUnavailable(String type, String child) throws Exception {
        assertError("cancel", condition("service-unavailable"), answer(iq(type, child)));
    }

    @Test
    void aMessageIsAnswered() throws Exception {
        Component component = component(REPLY);
        try (SentPackets sent = new SentPackets(component)) {
            component.processPacket(message("type='chat'", "<body>AAQjAAABAAAA.</body>"));
            assertTrue(sent.next().toXML().contains("<body>AA==.</body>"));
        }
    }

    @Test
    void aDefectIsLoggedOnceWithoutWhatItSaysAndAnswered() throws Exception {
        Component component = component(DEFECT);
        try (CollectedLog log = new CollectedLog();
                SentPackets sent = new SentPackets(component)) {
            component.processPacket(iq("set", DAKE));
            assertError("wait", condition("internal-server-error"), sent.nextIq());
            assertEquals(1, log.lines().size(), log.lines().toString());
            String line = log.lines().get(0);
            assertTrue(line.startsWith("ERROR ") && line.contains("java.lang.IllegalStateException"), line);
            assertFalse(line.contains("secret"), line);
        }
    }

    @Test
    void aDefectLeavesAMessageUnansweredAndTheComponentAtWork() throws Exception {
        Component component = component(DEFECT);
        try (CollectedLog log = new CollectedLog()) {
            SentPackets sent = new SentPackets(component);
            component.processPacket(message("type='chat'", "<body>AAQjAAABAAAA.</body>"));
            component.shutdown(); // waits until it is done
            assertEquals(1, log.count("ERROR", "defect"));
            sent.assertNoMore();
        }
    }
}
