package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.xmpp.Stanzas.SERVER;
import static prekeeper.xmpp.Stanzas.assertError;
import static prekeeper.xmpp.Stanzas.assertResult;
import static prekeeper.xmpp.Stanzas.condition;
import static prekeeper.xmpp.Stanzas.iq;

import org.dom4j.Element;
import org.junit.jupiter.api.Test;
import org.xmpp.packet.IQ;
import prekeeper.wire.Draft;
import prekeeper.wire.Fingerprint;

/** XEP-0030, XEP-0128. */
class DiscoveryTest {
    private static final String INFO = "http://jabber.org/protocol/disco#info";
    private static final String ITEMS = "http://jabber.org/protocol/disco#items";
    private static final String DEPLOYED =
            Fingerprint.of(SERVER.publicKey(), Draft.DEPLOYED).toHex();
    private static final String SPEC =
            Fingerprint.of(SERVER.publicKey(), Draft.SPEC).toHex();

    private final Discovery discovery = new Discovery(SERVER);

    @Test
    void infoTellsIdentityFeaturesAndForm() {
        assertResult(
                "<query xmlns='" + INFO + "'>"
                        + "<identity category='auth' type='otr-prekey' name='OTR Prekey Server'/>"
                        + "<feature var='http://jabber.org/protocol/disco#info'/>"
                        + "<feature var='http://jabber.org/protocol/disco#items'/>"
                        + "<feature var='http://jabber.org/protocol/otrv4-prekey-server'/>"
                        + "<feature var='prekeeper:otrv4-prekey:0'/>"
                        + "<feature var='jabber:iq:version'/>"
                        + "<feature var='jabber:iq:last'/>"
                        + "<feature var='urn:xmpp:ping'/>"
                        + "<x xmlns='jabber:x:data' type='result'>"
                        + "<field var='FORM_TYPE' type='hidden'><value>prekeeper:otrv4-prekey:0</value></field>"
                        + "<field var='fingerprint-deployed' type='text-single'><value>" + DEPLOYED + "</value></field>"
                        + "<field var='fingerprint-spec' type='text-single'><value>" + SPEC + "</value></field>"
                        + "<field var='public-key' type='text-single'><value>" + "ab".repeat(57) + "</value></field>"
                        + "<field var='max-message-bytes' type='text-single'><value>1000</value></field>"
                        + "</x></query>",
                discovery.info(iq("get", "<query xmlns='" + INFO + "'/>")));
    }

    @Test
    void itemsTellTheDeployedFingerprint() {
        IQ answer = discovery.items(iq("get", "<query xmlns='" + ITEMS + "'/>"));

        assertResult(
                "<query xmlns='" + ITEMS + "'><item jid='prekey.example.org' node='fingerprint' name='" + DEPLOYED
                        + "'/></query>",
                answer);
        Element item = answer.getChildElement().elements().get(0);
        assertTrue(item.attributeValue("name").matches("[0-9A-F]{112}"), item.asXML());
    }

    @Test
    void theFingerprintNodeIsALeaf() {
        assertResult(
                "<query xmlns='" + INFO + "' node='fingerprint'>"
                        + "<identity category='hierarchy' type='leaf' name='Fingerprint'/>"
                        + "<feature var='http://jabber.org/protocol/disco#info'/></query>",
                discovery.info(iq("get", "<query xmlns='" + INFO + "' node='fingerprint'/>")));
        assertResult(
                "<query xmlns='" + ITEMS + "' node='fingerprint'/>",
                discovery.items(iq("get", "<query xmlns='" + ITEMS + "' node='fingerprint'/>")));
    }

    @Test
    void anotherNodeIsNotFound() {
        for (String node : new String[] {"", "fingerprints", "http://jabber.org/protocol/commands"}) {
            IQ info = discovery.info(iq("get", "<query xmlns='" + INFO + "' node='" + node + "'/>"));
            IQ items = discovery.items(iq("get", "<query xmlns='" + ITEMS + "' node='" + node + "'/>"));
            assertError("cancel", condition("item-not-found"), info);
            assertError("cancel", condition("item-not-found"), items);
        }
    }

    @Test
    void bothDraftsHaveTheirOwnFingerprint() {
        assertEquals(112, SPEC.length());
        assertTrue(!SPEC.equals(DEPLOYED));
    }
}
