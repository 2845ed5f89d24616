package prekeeper.client.smack.provider;

import java.io.IOException;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.ExtensionElementProvider;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import prekeeper.client.smack.element.StreamLimits;

/** Parses {@link StreamLimits}, whatever else is in it. */
public final class StreamLimitsProvider extends ExtensionElementProvider<ExtensionElement> {

    @Override
    public StreamLimits parse(XmlPullParser parser, int initialDepth, XmlEnvironment xmlEnvironment)
            throws XmlPullParserException, IOException {
        String mostBytes = null;
        while (true) {
            XmlPullParser.Event event = parser.next();
            if (event == XmlPullParser.Event.START_ELEMENT
                    && parser.getDepth() == initialDepth + 1
                    && parser.getName().equals(StreamLimits.MOST_BYTES)) {
                StringBuilder text = new StringBuilder();
                while (parser.next() == XmlPullParser.Event.TEXT_CHARACTERS) {
                    text.append(parser.getText());
                }
                mostBytes = text.toString();
            }
            if (event == XmlPullParser.Event.END_ELEMENT && parser.getDepth() == initialDepth) {
                return new StreamLimits(mostBytes);
            }
        }
    }
}
