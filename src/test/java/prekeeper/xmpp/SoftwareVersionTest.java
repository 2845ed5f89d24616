package prekeeper.xmpp;

import static prekeeper.xmpp.Stanzas.assertResult;
import static prekeeper.xmpp.Stanzas.iq;

import org.junit.jupiter.api.Test;

/** XEP-0092. */
class SoftwareVersionTest {
    @Test
    void nameAndVersionAreToldAndNoOperatingSystem() {
        assertResult(
                "<query xmlns='jabber:iq:version'><name>Prekeeper</name><version>1.2.3</version></query>",
                new SoftwareVersion("1.2.3").answer(iq("get", "<query xmlns='jabber:iq:version'/>")));
    }
}
