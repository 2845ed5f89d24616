package prekeeper.client.smack.element;

import java.util.OptionalInt;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.util.XmlStringBuilder;

/** What an XMPP server lets clients send, a feature of the stream (XEP-0478, "Stream Limits Advertisement"). */
public final class StreamLimits implements ExtensionElement {
    /** Its name. */
    public static final String ELEMENT = "limits";
    /** Its namespace. */
    public static final String NAMESPACE = "urn:xmpp:stream-limits:0";
    /** The name of the element that tells {@link #mostBytes()}. */
    public static final String MOST_BYTES = "max-bytes";

    private final OptionalInt mostBytes;

    /**
     * What the feature says, which may be anything.
     *
     * @param mostBytes the text of {@code <max-bytes/>}; null when it is missing
     */
    public StreamLimits(String mostBytes) {
        this.mostBytes = positive(mostBytes);
    }

    /** The longest element that the server takes, in bytes of XML; empty when it tells none, or no positive number. */
    public OptionalInt mostBytes() {
        return mostBytes;
    }

    @Override
    public String getElementName() {
        return ELEMENT;
    }

    @Override
    public String getNamespace() {
        return NAMESPACE;
    }

    @Override
    public XmlStringBuilder toXML(XmlEnvironment environment) {
        XmlStringBuilder xml = new XmlStringBuilder(this, environment);
        xml.rightAngleBracket();
        mostBytes.ifPresent(bytes -> xml.element(MOST_BYTES, Integer.toString(bytes)));
        return xml.closeElement(this);
    }

    private static OptionalInt positive(String text) {
        if (text == null || !text.matches("[0-9]{1,9}")) {
            return OptionalInt.empty();
        }
        int value = Integer.parseInt(text);
        return value > 0 ? OptionalInt.of(value) : OptionalInt.empty();
    }
}
