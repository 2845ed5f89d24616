package prekeeper.it;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jivesoftware.smack.packet.IQ;
import prekeeper.client.smack.element.PrekeyIq;

/** A request in the namespace of the IQ binding, well-formed or not: any element, any attributes, any text. */
final class BindingIq extends IQ {
    static final String NAMESPACE = PrekeyIq.NAMESPACE;

    private final Map<String, String> attributes;
    private final String text;

    BindingIq(String element, Map<String, String> attributes, String text) {
        super(element, NAMESPACE);
        this.attributes = new LinkedHashMap<>(attributes);
        this.text = text;
    }

    @Override
    protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
        attributes.forEach(xml::attribute);
        xml.rightAngleBracket();
        xml.escape(text);
        return xml;
    }
}
