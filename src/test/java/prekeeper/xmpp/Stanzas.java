package prekeeper.xmpp;

import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import org.dom4j.Attribute;
import org.dom4j.DocumentException;
import org.dom4j.DocumentHelper;
import org.dom4j.Element;
import org.junit.jupiter.api.Assertions;
import org.xmpp.component.Component;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.service.MessageHandler;

/** Stanzas as XML text, and what the tests of this package share. */
final class Stanzas {
    static final JID COMPONENT = new JID("prekey.example.org");
    static final Point KEY = new Point(Bytes.fromHex("ab".repeat(57)));
    static final int MOST_BYTES = 1000;
    static final ServerDescription SERVER = new ServerDescription(COMPONENT, KEY, "1.2.3", MOST_BYTES, Map.of());

    private Stanzas() {}

    /** With the default limits, without commands. */
    static Component component(MessageHandler handler) {
        return PrekeyComponent.create(
                handler, SERVER, new LiveLimits(Limits.DEFAULT), Administration.NONE, new SetClock());
    }

    static Element parse(String xml) {
        try {
            return DocumentHelper.parseText(xml).getRootElement();
        } catch (DocumentException e) {
            throw new IllegalArgumentException(xml, e);
        }
    }

    /** An IQ of {@code type} from a client to the component. */
    static IQ iq(String type, String child) {
        return iq("alice@example.org/phone", type, child);
    }

    static IQ iq(String from, String type, String child) {
        return new IQ(
                parse("<iq type='" + type + "' id='1' from='" + from + "' to='prekey.example.org'>" + child + "</iq>"));
    }

    static Message message(String attributes, String children) {
        return new Message(parse("<message from='alice@example.org/phone' to='prekey.example.org' " + attributes + ">"
                + children + "</message>"));
    }

    /** That {@code answer} is the result of {@link #iq} with {@code child}. */
    static void assertResult(String child, IQ answer) {
        assertStanza(
                "<iq type='result' id='1' to='alice@example.org/phone' from='prekey.example.org'>" + child + "</iq>",
                answer);
    }

    /** That {@code answer} is an error to {@link #iq} of exactly this type and these conditions. */
    static void assertError(String type, String conditions, IQ answer) {
        Element error = answer.getElement().element("error");
        Assertions.assertNotNull(error, answer.toXML());
        error.addAttribute("code", null); // of before RFC 3920; tinder adds it
        assertStanza(
                "<iq type='error' id='1' to='alice@example.org/phone' from='prekey.example.org'><error type='" + type
                        + "'>" + conditions + "</error></iq>",
                answer);
    }

    static String condition(String name) {
        return "<" + name + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>";
    }

    static String application(String nameAndAttributes) {
        return "<" + nameAndAttributes + " xmlns='prekeeper:otrv4-prekey:0'/>";
    }

    /** Compares by names, namespaces, attributes in any order, and text. */
    static void assertStanza(String expected, Packet actual) {
        // written and read again: what counts is what goes over the wire
        Assertions.assertEquals(canonical(parse(expected)), canonical(parse(actual.toXML())));
    }

    private static String canonical(Element element) {
        String attributes = element.attributes().stream()
                .sorted(Comparator.comparing(Attribute::getQualifiedName))
                .map(attribute -> " " + attribute.getQualifiedName() + "=" + attribute.getValue())
                .collect(Collectors.joining());
        String children =
                element.elements().stream().map(Stanzas::canonical).collect(Collectors.joining("\n", "\n", ""));
        return "{" + element.getNamespaceURI() + "}" + element.getName() + attributes + " '" + element.getTextTrim()
                + "'" + children.indent(2);
    }
}
