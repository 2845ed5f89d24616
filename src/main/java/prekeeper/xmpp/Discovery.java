package prekeeper.xmpp;

import java.util.List;
import java.util.Optional;
import org.dom4j.Element;
import org.xmpp.component.AbstractComponent;
import org.xmpp.forms.DataForm;
import org.xmpp.forms.FormField;
import org.xmpp.packet.IQ;
import prekeeper.service.Peer;
import prekeeper.service.StockLimits;
import prekeeper.wire.Draft;
import prekeeper.wire.Fingerprint;

/**
 * XEP-0030, XEP-0128 and XEP-0157: who we are, our fingerprints, what we speak, whom to write to, which commands there are.
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
            AdHocCommands.NAMESPACE,
            SoftwareVersion.NAMESPACE,
            AbstractComponent.NAMESPACE_LAST_ACTIVITY,
            AbstractComponent.NAMESPACE_ENTITY_TIME,
            AbstractComponent.NAMESPACE_XMPP_PING);

    /** FORM_TYPE of contact addresses (XEP-0157). */
    private static final String SERVER_INFO = "http://jabber.org/network/serverinfo";

    private final ServerDescription server;
    private final LiveLimits limits;
    private final AdHocCommands commands;

    Discovery(ServerDescription server, LiveLimits limits, AdHocCommands commands) {
        this.server = server;
        this.limits = limits;
        this.commands = commands;
    }

    /** disco#info of the component, of its fingerprint item and of its commands. */
    IQ info(IQ request) {
        String node = request.getChildElement().attributeValue("node");
        if (node == null) {
            Element query = query(request, AbstractComponent.NAMESPACE_DISCO_INFO);
            addIdentity(query, "auth", "otr-prekey", ServerDescription.NAME);
            FEATURES.forEach(feature -> addFeature(query, feature));
            query.add(form().getElement());
            contacts().ifPresent(form -> query.add(form.getElement()));
            return answer(query);
        }
        return switch (node) {
            case FINGERPRINT_NODE -> node(request, node, "hierarchy", "leaf", "Fingerprint");
            case AdHocCommands.NAMESPACE -> node(request, node, "automation", "command-list", "Commands");
            default ->
                Peers.of(request.getFrom())
                        .flatMap(caller -> commands.visibleTo(caller, node))
                        .map(command -> node(
                                request,
                                node,
                                "automation",
                                "command-node",
                                command.name(),
                                AdHocCommands.NAMESPACE,
                                DataForm.NAMESPACE))
                        .orElseGet(() -> StanzaErrors.itemNotFound(request));
        };
    }

    private static IQ node(IQ request, String node, String category, String type, String name, String... features) {
        Element query = query(request, AbstractComponent.NAMESPACE_DISCO_INFO);
        query.addAttribute("node", node);
        addIdentity(query, category, type, name);
        addFeature(query, AbstractComponent.NAMESPACE_DISCO_INFO);
        for (String feature : features) {
            addFeature(query, feature);
        }
        return answer(query);
    }

    /** disco#items: the fingerprint, which has none below it; below the commands' node those that the sender may use. */
    IQ items(IQ request) {
        String node = request.getChildElement().attributeValue("node");
        Element query = query(request, AbstractComponent.NAMESPACE_DISCO_ITEMS);
        if (node == null) {
            addItem(query, FINGERPRINT_NODE, fingerprint(Draft.DEPLOYED));
            return answer(query);
        }
        query.addAttribute("node", node);
        Optional<Peer> caller = Peers.of(request.getFrom());
        if (node.equals(AdHocCommands.NAMESPACE)) {
            caller.map(commands::visibleTo)
                    .orElse(List.of())
                    .forEach(command -> addItem(query, command.node(), command.name()));
            return answer(query);
        }
        boolean leaf = node.equals(FINGERPRINT_NODE)
                || caller.flatMap(peer -> commands.visibleTo(peer, node)).isPresent();
        return leaf ? answer(query) : StanzaErrors.itemNotFound(request);
    }

    private void addItem(Element query, String node, String name) {
        query.addElement("item")
                .addAttribute("jid", server.jid().toString())
                .addAttribute("node", node)
                .addAttribute("name", name);
    }

    private DataForm form() {
        DataForm form = new DataForm(DataForm.Type.result);
        addField(form, "FORM_TYPE", IqBinding.NAMESPACE).setType(FormField.Type.hidden);
        addField(form, "fingerprint-deployed", fingerprint(Draft.DEPLOYED));
        addField(form, "fingerprint-spec", fingerprint(Draft.SPEC));
        addField(form, "public-key", server.publicKey().encoded().toHex());
        addField(form, "max-message-bytes", Integer.toString(server.mostMessageBytes()));
        StockLimits stock = limits.stock();
        addField(form, "max-publication-bytes", Integer.toString(stock.publicationBytes()));
        addField(form, "max-prekey-messages", Integer.toString(stock.quotas().prekeyMessages()));
        addField(form, "max-devices", Integer.toString(stock.quotas().devices()));
        addField(form, "low-mark", Integer.toString(stock.lowMark()));
        return form;
    }

    private Optional<DataForm> contacts() {
        if (server.contacts().isEmpty()) {
            return Optional.empty();
        }
        DataForm form = new DataForm(DataForm.Type.result);
        addField(form, "FORM_TYPE", SERVER_INFO).setType(FormField.Type.hidden);
        server.contacts().forEach((kind, addresses) -> {
            FormField field = form.addField(kind.variable(), null, FormField.Type.list_multi);
            addresses.forEach(field::addValue);
        });
        return Optional.of(form);
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
