package prekeeper.xmpp;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.dom4j.Element;
import org.dom4j.QName;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;
import prekeeper.crypto.Bytes;
import prekeeper.service.MessageHandler;
import prekeeper.service.Outcome;
import prekeeper.service.Peer;
import prekeeper.service.Request;
import prekeeper.wire.Armour;
import prekeeper.wire.Fragment;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.ServerHeader;
import prekeeper.xmpp.Unpacker.Unpacked;

/**
 * The message binding (docs/protocol.md, "Message binding"), which existing clients speak: one message a body.
 *
 * <p>What is no prekey message, or gets no answer from the protocol, gets none here: an error for a body could start two
 * robots talking.
 */
final class MessageBinding {
    private static final Set<String> NEVER_ANSWERED = Set.of("error", "headline", "groupchat");
    /** What a server has in place of an instance tag. */
    private static final int NO_INSTANCE = 0;

    private final MessageHandler handler;
    private final Unpacker unpacker;
    private final JID component;
    private final LiveLimits limits;

    /** Cuts answers as {@code limits} say. */
    MessageBinding(MessageHandler handler, Unpacker unpacker, JID component, LiveLimits limits) {
        this.handler = handler;
        this.unpacker = unpacker;
        this.component = component;
        this.limits = limits;
    }

    /** The answer to {@code request}, in as many messages as it takes; none when there is no answer to give. */
    List<Message> answer(Message request) {
        Element stanza = request.getElement();
        if (NEVER_ANSWERED.contains(stanza.attributeValue("type", "normal"))) {
            return List.of();
        }
        // by its full name: a body of another namespace is another thing
        Element body = stanza.element(QName.get("body", stanza.getNamespace()));
        if (body == null) {
            return List.of();
        }
        return Peers.of(request.getFrom())
                .flatMap(
                        peer -> unpack(peer, body.getText()).map(message -> handler.handle(peer, Request.ANY, message)))
                .flatMap(MessageBinding::said)
                .map(said ->
                        cut(said).stream().map(text -> answer(request, text)).toList())
                .orElse(List.of());
    }

    private Optional<byte[]> unpack(Peer peer, String text) {
        if (!Armour.isArmoured(text) && !Fragment.isFragment(text)) {
            return Optional.empty();
        }
        try {
            return unpacker.unpack(peer, text) instanceof Unpacked.Message message
                    ? Optional.of(message.encoded().toByteArray())
                    : Optional.empty();
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
    }

    private List<String> cut(Bytes said) {
        String text = Armour.encode(said);
        OptionalInt length = limits.current().fragmentLength();
        if (length.isEmpty()) {
            return List.of(text);
        }
        int id = ThreadLocalRandom.current().nextInt();
        return Fragment.split(text, id, NO_INSTANCE, receiver(said).value(), length.getAsInt());
    }

    private static InstanceTag receiver(Bytes said) {
        try {
            return ServerHeader.read(said).receiver();
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("an answer of ours that is none", e);
        }
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

    private Message answer(Message request, String text) {
        Message answer = new Message();
        answer.setFrom(component);
        answer.setTo(request.getFrom());
        answer.setID(UUID.randomUUID().toString());
        answer.getElement().addAttribute("type", request.getElement().attributeValue("type"));
        answer.setThread(request.getThread());
        answer.setBody(text);
        // XEP-0334 and XEP-0280: for this one client, now, and for nobody's archive
        answer.addChildElement("no-store", "urn:xmpp:hints");
        answer.addChildElement("no-copy", "urn:xmpp:hints");
        answer.addChildElement("private", "urn:xmpp:carbons:2");
        return answer;
    }
}
