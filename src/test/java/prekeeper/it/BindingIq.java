package prekeeper.it;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.IqData;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.IqProvider;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;

/** One element of the IQ binding: armoured bytes as the text of {@code dake}, {@code publish}, {@code status} or {@code query}. */
final class BindingIq extends IQ {
    static final String NAMESPACE = "prekeeper:otrv4-prekey:0";

    private final Map<String, String> attributes;
    private final String text;

    BindingIq(String element, Map<String, String> attributes, String text) {
        super(element, NAMESPACE);
        this.attributes = new LinkedHashMap<>(attributes);
        this.text = text;
    }

    /** Lets Smack parse these elements; it does so for the whole JVM. */
    static void register() {
        for (String element : List.of("dake", "publish", "status", "query")) {
            ProviderManager.addIQProvider(element, NAMESPACE, new Provider());
        }
    }

    String text() {
        return text;
    }

    Optional<String> attribute(String name) {
        return Optional.ofNullable(attributes.get(name));
    }

    @Override
    protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
        attributes.forEach(xml::attribute);
        xml.rightAngleBracket();
        xml.escape(text);
        return xml;
    }

    private static final class Provider extends IqProvider<BindingIq> {
        @Override
        public BindingIq parse(XmlPullParser parser, int initialDepth, IqData iqData, XmlEnvironment xmlEnvironment)
                throws XmlPullParserException, IOException {
            String element = parser.getName();
            Map<String, String> attributes = new LinkedHashMap<>();
            for (int i = 0; i < parser.getAttributeCount(); i++) {
                attributes.put(parser.getAttributeName(i), parser.getAttributeValue(i));
            }
            return new BindingIq(element, attributes, parser.nextText());
        }
    }
}
