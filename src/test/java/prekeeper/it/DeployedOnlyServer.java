package prekeeper.it;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.dom4j.Element;
import org.xmpp.component.AbstractComponent;
import org.xmpp.packet.IQ;
import org.xmpp.packet.Message;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.service.AccessPolicy;
import prekeeper.service.MessageHandler;
import prekeeper.service.Outcome;
import prekeeper.service.Peer;
import prekeeper.service.PrekeyService;
import prekeeper.service.Request;
import prekeeper.service.ServerIdentity;
import prekeeper.service.StockLimits;
import prekeeper.store.InMemoryPrekeyStore;
import prekeeper.store.Quotas;
import prekeeper.wire.Armour;
import prekeeper.wire.Dake1;
import prekeeper.wire.Draft;
import prekeeper.wire.Fingerprint;
import prekeeper.wire.MalformedMessageException;
import prekeeper.xmpp.AdminNotices;
import prekeeper.xmpp.ComponentConnection;
import prekeeper.xmpp.ConnectionSettings;
import prekeeper.xmpp.ServerConnection;
import prekeeper.xmpp.TinderAccounts;

/**
 * A prekey server as those are that clients meet elsewhere: it speaks the DEPLOYED draft in messages and nothing else, announces
 * nothing but what the specification has, and says nothing to what it does not understand.
 */
final class DeployedOnlyServer extends AbstractComponent {
    private final Ed448KeyPair longTerm;
    private final MessageHandler service;

    private DeployedOnlyServer(String jid) {
        SecureRandom random = new SecureRandom();
        longTerm = Ed448KeyPair.generate(random);
        service = new PrekeyService(
                new ServerIdentity(jid, longTerm),
                new InMemoryPrekeyStore(),
                new TinderAccounts(),
                new AccessPolicy() {
                    @Override
                    public Optional<Outcome> refuseHandshake(Peer publisher) {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<Outcome> refuseRetrieval(Peer retriever, String owner) {
                        return Optional.empty();
                    }
                },
                () -> new StockLimits(new Quotas(500, 8), StockLimits.MOST_PUBLICATION_BYTES, 10),
                InstantSource.system(),
                random);
    }

    /** Connects one to {@code xmpp} as its component, and returns at once. */
    static ServerConnection connect(XmppServer xmpp) {
        ServerConnection connection = ComponentConnection.to(ConnectionSettings.of(
                        XmppServer.COMPONENT, "127.0.0.1", xmpp.componentPort(), xmpp.componentSecret()))
                .make(
                        new DeployedOnlyServer(XmppServer.COMPONENT),
                        new AdminNotices(XmppServer.COMPONENT, List.of(), InstantSource.system()));
        connection.start();
        return connection;
    }

    @Override
    protected void handleMessage(Message message) {
        String body = message.getBody();
        if (body == null || !Armour.isArmoured(body)) {
            return;
        }
        try {
            Bytes encoded = Armour.decode(body, 1 << 20);
            if (isOfPublishedText(encoded)) {
                return;
            }
            Peer peer = new Peer(message.getFrom().toString(), message.getFrom().toBareJID());
            if (service.handle(peer, Request.ANY, encoded.toByteArray()) instanceof Outcome.Reply reply) {
                Message answer = new Message();
                answer.setTo(message.getFrom());
                answer.setFrom(jid);
                answer.setType(message.getType());
                answer.setBody(Armour.encode(reply.message()));
                send(answer);
            }
        } catch (MalformedMessageException e) {
            log.debug("ignored");
        }
    }

    private static boolean isOfPublishedText(Bytes message) {
        try {
            return Dake1.decode(message).draft() == Draft.SPEC;
        } catch (MalformedMessageException noDake1) {
            return false;
        }
    }

    @Override
    protected IQ handleDiscoItems(IQ request) {
        IQ answer = IQ.createResultIQ(request);
        Element query = answer.setChildElement("query", NAMESPACE_DISCO_ITEMS);
        query.addElement("item")
                .addAttribute("jid", jid.toString())
                .addAttribute("node", "fingerprint")
                .addAttribute(
                        "name",
                        Fingerprint.of(longTerm.publicKey().point(), Draft.DEPLOYED)
                                .toHex());
        return answer;
    }

    @Override
    protected String discoInfoIdentityCategory() {
        return "auth";
    }

    @Override
    protected String discoInfoIdentityCategoryType() {
        return "otr-prekey";
    }

    @Override
    protected String[] discoInfoFeatureNamespaces() {
        return new String[] {"http://jabber.org/protocol/otrv4-prekey-server"};
    }

    @Override
    public String getName() {
        return "OTR Prekey Server";
    }

    @Override
    public String getDescription() {
        return "speaks the deployed draft";
    }
}
