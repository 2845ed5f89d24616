package prekeeper.xmpp;

import java.util.List;
import org.dom4j.Element;
import org.xmpp.component.AbstractComponent;
import org.xmpp.forms.DataForm;
import org.xmpp.forms.FormField;
import org.xmpp.packet.IQ;
import prekeeper.wire.Draft;
import prekeeper.wire.Fingerprint;

/**
 * XEP-0030 and XEP-0128: who we are, our fingerprints, what we speak.
 *
 * <p>Existing clients read the first identity only, and the fingerprint from the name of the one item.
 */
final class Discovery {
    /** The specification's feature, and the node of its fingerprint item ("Discovering a Prekey Server"). */
    static final String SPECIFICATION_FEATURE = "http://jabber.org/protocol/otrv4-prekey-server";

    static final String FINGERPRINT_NODE = "fingerprint";

    private static final List<String> FEATURES = List.of(
            AbstractComponent.NAMESPACE_DISCO_INFO,
            AbstractComponent.NAMESPACE_DISCO_ITEMS,
            SPECIFICATION_FEATURE,
            IqBinding.NAMESPACE,
            SoftwareVersion.NAMESPACE,
            AbstractComponent.NAMESPACE_LAST_ACTIVITY,
            AbstractComponent.NAMESPACE_XMPP_PING);

    private final ServerDescription server;

    Discovery(ServerDescription server) {
        this.server = server;
    }

    /** disco#info of the component and of its fingerprint item. */
    IQ info(IQ request) {
        String node = request.getChildElement().attributeValue("node");
        if (node == null) {
            Element query = query(request, AbstractComponent.NAMESPACE_DISCO_INFO);
            addIdentity(query, "auth", "otr-prekey", ServerDescription.NAME);
            FEATURES.forEach(feature -> addFeature(query, feature));
            query.add(form().getElement());
            return answer(query);
        }
        if (node.equals(FINGERPRINT_NODE)) {
            Element query = query(request, AbstractComponent.NAMESPACE_DISCO_INFO);
            query.addAttribute("node", node);
            addIdentity(query, "hierarchy", "leaf", "Fingerprint");
            addFeature(query, AbstractComponent.NAMESPACE_DISCO_INFO);
            return answer(query);
        }
        return StanzaErrors.itemNotFound(request);
    }

    /** disco#items: the fingerprint, which has none below it. */
    IQ items(IQ request) {
        String node = request.getChildElement().attributeValue("node");
        if (node == null) {
            Element query = query(request, AbstractComponent.NAMESPACE_DISCO_ITEMS);
            query.addElement("item")
                    .addAttribute("jid", server.jid().toString())
                    .addAttribute("node", FINGERPRINT_NODE)
                    .addAttribute("name", fingerprint(Draft.DEPLOYED));
            return answer(query);
        }
        if (node.equals(FINGERPRINT_NODE)) {
            Element query = query(request, AbstractComponent.NAMESPACE_DISCO_ITEMS);
            query.addAttribute("node", node);
            return answer(query);
        }
        return StanzaErrors.itemNotFound(request);
    }

    private DataForm form() {
        DataForm form = new DataForm(DataForm.Type.result);
        addField(form, "FORM_TYPE", IqBinding.NAMESPACE).setType(FormField.Type.hidden);
        addField(form, "fingerprint-deployed", fingerprint(Draft.DEPLOYED));
        addField(form, "fingerprint-spec", fingerprint(Draft.SPEC));
        addField(form, "public-key", server.publicKey().encoded().toHex());
        addField(form, "max-message-bytes", Integer.toString(server.mostMessageBytes()));
        return form;
    }

    private String fingerprint(Draft draft) {
        return Fingerprint.of(server.publicKey(), draft).toHex();
    }

    private static FormField addField(DataForm form, String variable, String value) {
        FormField field = form.addField();
        field.setType(FormField.Type.text_single); // XEP-0004 lets a result leave it out, but Smack warns of it
        field.setVariable(variable);
        field.addValue(value);
        return field;
    }

    private static void addIdentity(Element query, String category, String type, String name) {
        query.addElement("identity")
                .addAttribute("category", category)
                .addAttribute("type", type)
                .addAttribute("name", name);
    }

    private static void addFeature(Element query, String feature) {
        query.addElement("feature").addAttribute("var", feature);
    }

    private static Element query(IQ request, String namespace) {
        return IQ.createResultIQ(request).setChildElement("query", namespace);
    }

    private static IQ answer(Element query) {
        return new IQ(query.getParent());
    }
}
