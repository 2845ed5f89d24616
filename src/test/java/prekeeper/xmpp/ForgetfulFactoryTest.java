package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.StringReader;
import java.lang.ref.WeakReference;
import org.dom4j.Attribute;
import org.dom4j.Element;
import org.dom4j.io.XPPPacketReader;
import org.junit.jupiter.api.Test;

/** What strangers name must be forgotten with their stanzas. */
class ForgetfulFactoryTest {
    private static final String STANZA = "<message xmlns='jabber:component:accept' xmlns:p='urn:p' xml:lang='en'>"
            + "<never-seen xmlns='urn:never-seen' unseen='1' p:unseen='2'><plain xmlns=''/></never-seen></message>";

    private static Element read(String xml) throws Exception {
        return new XPPPacketReader(new ForgetfulFactory())
                .read(new StringReader(xml))
                .getRootElement();
    }

    private static Element child() throws Exception {
        return read(STANZA).elements().get(0);
    }

    private static void assertForgotten(WeakReference<?> reference) throws InterruptedException {
        for (int attempt = 0; attempt < 50 && reference.get() != null; attempt++) {
            System.gc();
            Thread.sleep(10);
        }
        assertNull(reference.get(), "it is still kept");
    }

    @Test
    void namesOfElementsAreForgotten() throws Exception {
        assertForgotten(new WeakReference<>(child().getQName()));
    }

    @Test
    void namesOfAttributesAreForgotten() throws Exception {
        Attribute attribute = child().attribute("unseen");
        WeakReference<Object> name = new WeakReference<>(attribute.getQName());
        attribute = null;
        assertForgotten(name);
    }

    @Test
    void namespacesAreForgottenWithTheirUris() throws Exception {
        assertForgotten(new WeakReference<>(child().getNamespaceURI()));
    }

    @Test
    void stanzasReadAndWriteAsBefore() throws Exception {
        String usual = new XPPPacketReader()
                .read(new StringReader(STANZA))
                .getRootElement()
                .asXML();
        assertEquals(usual, read(STANZA).asXML());
        assertNotNull(read(STANZA).element(org.dom4j.QName.get("never-seen", "urn:never-seen")));
    }
}
