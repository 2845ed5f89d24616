package prekeeper.xmpp;

import org.dom4j.Element;
import org.xmpp.packet.IQ;

/** XEP-0092. Tells no operating system: that helps attackers only. */
final class SoftwareVersion {
    static final String NAMESPACE = "jabber:iq:version";

    private final String version;

    SoftwareVersion(String version) {
        this.version = version;
    }

    IQ answer(IQ request) {
        IQ answer = IQ.createResultIQ(request);
        Element query = answer.setChildElement("query", NAMESPACE);
        query.addElement("name").setText("Prekeeper");
        query.addElement("version").setText(version);
        return answer;
    }
}
