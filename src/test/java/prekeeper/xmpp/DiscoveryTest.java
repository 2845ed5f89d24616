package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.xmpp.Stanzas.SERVER;
import static prekeeper.xmpp.Stanzas.assertError;
import static prekeeper.xmpp.Stanzas.assertResult;
import static prekeeper.xmpp.Stanzas.condition;
import static prekeeper.xmpp.Stanzas.iq;

import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private static final String COMMANDS = "http://jabber.org/protocol/commands";

    private final AdHocCommands commands = new AdHocCommands(
            Set.of("admin@example.org"),
            List.of(
                    new FixedCommand("a#1", Command.Audience.ADMINISTRATORS),
                    new FixedCommand("u#1", Command.Audience.EVERYBODY)),
            new SetClock());
    private final Discovery discovery = new Discovery(SERVER, new LiveLimits(Limits.DEFAULT), commands);

    @Test
    void infoTellsIdentityFeaturesAndForm() {
        assertResult(
                "<query xmlns='" + INFO + "'>"
                        + "<identity category='auth' type='otr-prekey' name='OTR Prekey Server'/>"
                        + "<feature var='http://jabber.org/protocol/disco#info'/>"
                        + "<feature var='http://jabber.org/protocol/disco#items'/>"
                        + "<feature var='http://jabber.org/protocol/otrv4-prekey-server'/>"
                        + "<feature var='prekeeper:otrv4-prekey:0'/>"
                        + "<feature var='http://jabber.org/protocol/commands'/>"
                        + "<feature var='jabber:iq:version'/>"
                        + "<feature var='jabber:iq:last'/>"
                        + "<feature var='urn:xmpp:time'/>"
                        + "<feature var='urn:xmpp:ping'/>"
                        + "<x xmlns='jabber:x:data' type='result'>"
                        + "<field var='FORM_TYPE' type='hidden'><value>prekeeper:otrv4-prekey:0</value></field>"
                        + "<field var='fingerprint-deployed' type='text-single'><value>" + DEPLOYED + "</value></field>"
                        + "<field var='fingerprint-spec' type='text-single'><value>" + SPEC + "</value></field>"
                        + "<field var='public-key' type='text-single'><value>" + "ab".repeat(57) + "</value></field>"
                        + "<field var='max-message-bytes' type='text-single'><value>1000</value></field>"
                        + "<field var='max-publication-bytes' type='text-single'><value>131072</value></field>"
                        + "<field var='max-prekey-messages' type='text-single'><value>500</value></field>"
                        + "<field var='max-devices' type='text-single'><value>8</value></field>"
                        + "<field var='low-mark' type='text-single'><value>10</value></field>"
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
        for (String node : new String[] {"", "fingerprints", COMMANDS + "#", "a#1", "a#2"}) {
            IQ info = discovery.info(iq("get", "<query xmlns='" + INFO + "' node='" + node + "'/>"));
            IQ items = discovery.items(iq("get", "<query xmlns='" + ITEMS + "' node='" + node + "'/>"));
            assertError("cancel", condition("item-not-found"), info);
            assertError("cancel", condition("item-not-found"), items);
        }
    }

    @Test
    void contactAddressesAreShownWhenConfigured() {
        ServerDescription reachable = ServerDescription.of(
                "prekey.example.org",
                SERVER.publicKey(),
                "1.2.3",
                1000,
                Map.of(
                        ContactKind.SECURITY,
                        List.of("mailto:security@example.org"),
                        ContactKind.ABUSE,
                        List.of("mailto:abuse@example.org", "xmpp:admin@example.org")));
        Element query = new Discovery(reachable, new LiveLimits(Limits.DEFAULT), commands)
                .info(iq("get", "<query xmlns='" + INFO + "'/>"))
                .getChildElement();

        List<Element> forms = query.elements("x");
        assertEquals(2, forms.size());
        assertEquals(
                "<x xmlns=\"jabber:x:data\" type=\"result\">"
                        + "<field var=\"FORM_TYPE\" type=\"hidden\"><value>http://jabber.org/network/serverinfo</value></field>"
                        + "<field var=\"abuse-addresses\" type=\"list-multi\"><value>mailto:abuse@example.org</value>"
                        + "<value>xmpp:admin@example.org</value></field>"
                        + "<field var=\"security-addresses\" type=\"list-multi\">"
                        + "<value>mailto:security@example.org</value></field></x>",
                forms.get(1).asXML().replace("type=\"hidden\" var=\"FORM_TYPE\"", "var=\"FORM_TYPE\" type=\"hidden\""));
    }

    @Test
    void everybodySeesTheCommandsThatAreForThemAndNoOthers() {
        String item = "<item jid='prekey.example.org' node='%1$s' name='Command %1$s'/>";
        String query = "<query xmlns='" + ITEMS + "' node='" + COMMANDS + "'";
        assertResult(query + ">" + item.formatted("u#1") + "</query>", discovery.items(iq("get", query + "/>")));

        IQ all = discovery.items(iq("admin@example.org/home", "get", query + "/>"));
        assertEquals(2, all.getChildElement().elements().size());

        assertResult(
                "<query xmlns='" + INFO + "' node='" + COMMANDS + "'>"
                        + "<identity category='automation' type='command-list' name='Commands'/>"
                        + "<feature var='" + INFO + "'/></query>",
                discovery.info(iq("get", "<query xmlns='" + INFO + "' node='" + COMMANDS + "'/>")));
        assertResult(
                "<query xmlns='" + INFO + "' node='u#1'>"
                        + "<identity category='automation' type='command-node' name='Command u#1'/>"
                        + "<feature var='" + INFO + "'/><feature var='" + COMMANDS + "'/>"
                        + "<feature var='jabber:x:data'/></query>",
                discovery.info(iq("get", "<query xmlns='" + INFO + "' node='u#1'/>")));
        assertResult(
                "<query xmlns='" + ITEMS + "' node='u#1'/>",
                discovery.items(iq("get", "<query xmlns='" + ITEMS + "' node='u#1'/>")));
        assertEquals(
                IQ.Type.result,
                discovery
                        .info(iq("admin@example.org/home", "get", "<query xmlns='" + INFO + "' node='a#1'/>"))
                        .getType());
    }

    @Test
    void bothDraftsHaveTheirOwnFingerprint() {
        assertEquals(112, SPEC.length());
        assertTrue(!SPEC.equals(DEPLOYED));
    }
}
