package prekeeper.client.smack.provider;

import java.io.IOException;
import org.jivesoftware.smack.packet.IqData;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.IqProvider;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import prekeeper.client.smack.element.PrekeyIq;

/** Parses the element of one kind of {@link PrekeyIq.Request}: its own text, whatever children stand beside that. */
public final class PrekeyIqProvider extends IqProvider<PrekeyIq> {
    private final PrekeyIq.Request request;

    /** Of elements of the name that {@code request} has. */
    public PrekeyIqProvider(PrekeyIq.Request request) {
        this.request = request;
    }

    @Override
    public PrekeyIq parse(XmlPullParser parser, int initialDepth, IqData iqData, XmlEnvironment xmlEnvironment)
            throws XmlPullParserException, IOException {
        // not nextText(), which refuses children
        StringBuilder text = new StringBuilder();
        while (true) {
            XmlPullParser.Event event = parser.next();
            if (event == XmlPullParser.Event.END_ELEMENT && parser.getDepth() == initialDepth) {
                return PrekeyIq.parsed(request, text.toString());
            }
            if (event == XmlPullParser.Event.TEXT_CHARACTERS && parser.getDepth() == initialDepth) {
                text.append(parser.getText());
            }
        }
    }
}
