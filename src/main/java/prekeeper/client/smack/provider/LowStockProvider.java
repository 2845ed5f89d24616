package prekeeper.client.smack.provider;

import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.ExtensionElementProvider;
import org.jivesoftware.smack.xml.XmlPullParser;
import prekeeper.client.smack.element.LowStock;

/** Parses {@link LowStock}, whatever its attributes are. */
public final class LowStockProvider extends ExtensionElementProvider<LowStock> {

    @Override
    public LowStock parse(XmlPullParser parser, int initialDepth, XmlEnvironment xmlEnvironment) {
        return new LowStock(parser.getAttributeValue("", "instance-tag"), parser.getAttributeValue("", "remaining"));
    }
}
