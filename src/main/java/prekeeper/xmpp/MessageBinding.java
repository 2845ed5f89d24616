package prekeeper.xmpp;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.dom4j.Element;
import org.dom4j.QName;
import org.xmpp.packet.Message;
import prekeeper.crypto.Bytes;
import prekeeper.service.MessageHandler;
import prekeeper.service.Outcome;
import prekeeper.service.Request;
import prekeeper.wire.Armour;
import prekeeper.wire.MalformedMessageException;

/**
 * The message binding (docs/protocol.md, "Message binding"), which existing clients speak: one message a body.
 *
 * <p>What is no prekey message, or gets no answer from the protocol, gets none here: an error for a body could start two
 * robots talking.
 */
final class MessageBinding {
    private static final Set<String> NEVER_ANSWERED = Set.of("error", "headline", "groupchat");

    private final MessageHandler handler;
    private final ServerDescription server;

    MessageBinding(MessageHandler handler, ServerDescription server) {
        this.handler = handler;
        this.server = server;
    }

    /** The answer to {@code request}, or empty when there is none to give. */
    Optional<Message> answer(Message request) {
        Element stanza = request.getElement();
        if (NEVER_ANSWERED.contains(stanza.attributeValue("type", "normal"))) {
            return Optional.empty();
        }
        // by its full name: a body of another namespace is another thing
        Element body = stanza.element(QName.get("body", stanza.getNamespace()));
        if (body == null || !Armour.isArmoured(body.getText())) {
            return Optional.empty();
        }
        byte[] message;
        try {
            message = Armour.decode(body.getText(), server.mostMessageBytes()).toByteArray();
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
        return Peers.of(request.getFrom())
                .map(peer -> handler.handle(peer, Request.ANY, message))
                .flatMap(MessageBinding::said)
                .map(said -> answer(request, said));
    }

    private static Optional<Bytes> said(Outcome outcome) {
        if (outcome instanceof Outcome.Reply reply) {
            return Optional.of(reply.message());
        }
        if (outcome instanceof Outcome.Failed failed) {
            return Optional.of(failed.message());
        }
        return Optional.empty();
    }

    private Message answer(Message request, Bytes said) {
        Message answer = new Message();
        answer.setFrom(server.jid());
        answer.setTo(request.getFrom());
        answer.setID(UUID.randomUUID().toString());
        answer.getElement().addAttribute("type", request.getElement().attributeValue("type"));
        answer.setThread(request.getThread());
        answer.setBody(Armour.encode(said));
        // XEP-0334 and XEP-0280: for this one client, now, and for nobody's archive
        answer.addChildElement("no-store", "urn:xmpp:hints");
        answer.addChildElement("no-copy", "urn:xmpp:hints");
        answer.addChildElement("private", "urn:xmpp:carbons:2");
        return answer;
    }
}
