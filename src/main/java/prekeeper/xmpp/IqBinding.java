package prekeeper.xmpp;

import java.util.Map;
import java.util.Optional;
import org.dom4j.Element;
import org.xmpp.packet.IQ;
import prekeeper.crypto.Bytes;
import prekeeper.service.MessageHandler;
import prekeeper.service.Outcome;
import prekeeper.service.Peer;
import prekeeper.service.Refusal;
import prekeeper.service.Request;
import prekeeper.wire.Armour;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.TooLargeException;
import prekeeper.xmpp.Unpacker.Unpacked;

/** The IQ binding (docs/protocol.md, "IQ binding"): one message an element, answered in an element of the same name. */
final class IqBinding {
    static final String NAMESPACE = "prekeeper:otrv4-prekey:0";

    /** Names of the elements, and what each must hold. */
    static final Map<String, Request> REQUESTS = Map.of(
            "dake", Request.DAKE,
            "publish", Request.PUBLISH,
            "status", Request.STATUS,
            "query", Request.QUERY);

    private final MessageHandler handler;
    private final Unpacker unpacker;
    private final RepeatedQueries repeated;

    IqBinding(MessageHandler handler, Unpacker unpacker, RepeatedQueries repeated) {
        this.handler = handler;
        this.unpacker = unpacker;
        this.repeated = repeated;
    }

    /** The result or the error for {@code request}, a {@code set} whose child is one of {@link #REQUESTS}. */
    IQ answer(IQ request) {
        Element asked = request.getChildElement();
        if (!asked.elements().isEmpty()) {
            return StanzaErrors.refused(request, Refusal.MALFORMED);
        }
        Optional<Peer> peer = Peers.of(request.getFrom());
        if (peer.isEmpty()) {
            return StanzaErrors.malformedAddress(request);
        }
        Unpacked unpacked;
        try {
            unpacked = unpacker.unpack(peer.get(), asked.getText());
        } catch (TooLargeException e) {
            return StanzaErrors.tooLarge(request, e.mostBytes());
        } catch (MalformedMessageException e) {
            return StanzaErrors.refused(request, Refusal.MALFORMED);
        }
        if (unpacked instanceof Unpacked.Message message) {
            return answer(request, handle(peer.get(), asked, message.encoded()));
        }
        return unpacked instanceof Unpacked.Incomplete
                ? IQ.createResultIQ(request)
                : StanzaErrors.tryLater(request, Reassembly.RETRY);
    }

    private Outcome handle(Peer peer, Element asked, Bytes message) {
        Request request = REQUESTS.get(asked.getName());
        String id = asked.attributeValue("id");
        return request == Request.QUERY && id != null
                ? repeated.answer(peer, id, message, () -> handler.handle(peer, request, message.toByteArray()))
                : handler.handle(peer, request, message.toByteArray());
    }

    private static IQ answer(IQ request, Outcome outcome) {
        if (outcome instanceof Outcome.Reply reply) {
            return result(request, reply.message());
        }
        if (outcome instanceof Outcome.Later later) {
            return StanzaErrors.tryLater(request, later.retry());
        }
        if (outcome instanceof Outcome.Failed failed && failed.why() != Refusal.STORE_UNAVAILABLE) {
            // authenticated by its MAC, which says more than an unauthenticated error would
            return result(request, failed.message());
        }
        return StanzaErrors.refused(request, why(outcome));
    }

    private static Refusal why(Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            return failed.why();
        }
        return ((Outcome.Ignored) outcome).why();
    }

    private static IQ result(IQ request, Bytes message) {
        IQ result = IQ.createResultIQ(request);
        result.setChildElement(request.getChildElement().getName(), NAMESPACE).setText(Armour.encode(message));
        return result;
    }
}
