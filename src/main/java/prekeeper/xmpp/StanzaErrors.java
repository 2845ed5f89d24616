package prekeeper.xmpp;

import java.time.Duration;
import org.xmpp.packet.IQ;
import org.xmpp.packet.PacketError;
import org.xmpp.packet.PacketError.Condition;
import prekeeper.service.Refusal;

/** Every stanza error that the server sends: the one table of docs/protocol.md, "Errors". */
final class StanzaErrors {

    private StanzaErrors() {}

    /** The error answer to {@code request} for {@code why}. */
    static IQ refused(IQ request, Refusal why) {
        return answer(
                request,
                switch (why) {
                    case MALFORMED -> error(PacketError.Type.modify, Condition.bad_request, "malformed");
                    case UNSUPPORTED_VERSION ->
                        error(PacketError.Type.modify, Condition.not_acceptable, "unsupported-version");
                    case INVALID -> error(PacketError.Type.auth, Condition.not_authorized, "invalid");
                    case EXPIRED -> error(PacketError.Type.modify, Condition.not_acceptable, "expired");
                    case NO_HANDSHAKE -> error(PacketError.Type.modify, Condition.unexpected_request, "no-handshake");
                    case PUBLISHER_NOT_ALLOWED ->
                        error(PacketError.Type.auth, Condition.forbidden, "publisher-not-allowed");
                    case RETRIEVER_NOT_ALLOWED -> new PacketError(Condition.forbidden, PacketError.Type.auth);
                    case STORE_UNAVAILABLE -> new PacketError(Condition.internal_server_error, PacketError.Type.wait);
                    case QUOTA -> new PacketError(Condition.resource_constraint, PacketError.Type.wait);
                });
    }

    /** {@code mostBytes} counts bytes before base64. */
    static IQ tooLarge(IQ request, int mostBytes) {
        PacketError error = new PacketError(Condition.not_acceptable, PacketError.Type.modify);
        error.getElement()
                .addElement("too-large", IqBinding.NAMESPACE)
                .addAttribute("max-bytes", Integer.toString(mostBytes));
        return answer(request, error);
    }

    /** Over a limit, or more work than is taken at once; worth another try after {@code retry}. */
    static IQ tryLater(IQ request, Duration retry) {
        PacketError error = new PacketError(Condition.resource_constraint, PacketError.Type.wait);
        error.getElement()
                .addElement("retry", IqBinding.NAMESPACE)
                .addAttribute("seconds", Long.toString(retry.toSeconds()));
        return answer(request, error);
    }

    /** No feature here answers this request. */
    static IQ unknown(IQ request) {
        return answer(request, new PacketError(Condition.service_unavailable, PacketError.Type.cancel));
    }

    /** A discovery node that is not there. */
    static IQ itemNotFound(IQ request) {
        return answer(request, new PacketError(Condition.item_not_found, PacketError.Type.cancel));
    }

    /** Not an IQ as RFC 6120, 8.2.3 has them: one child element with a namespace. */
    static IQ badRequest(IQ request) {
        return answer(request, new PacketError(Condition.bad_request, PacketError.Type.modify));
    }

    /** The sender's address can not be prepared, so nothing can be kept under it. */
    static IQ malformedAddress(IQ request) {
        return answer(request, new PacketError(Condition.jid_malformed, PacketError.Type.modify));
    }

    /** A command for which the sender has not the right. */
    static IQ forbidden(IQ request) {
        return answer(request, new PacketError(Condition.forbidden, PacketError.Type.auth));
    }

    /** What a client may not do with a command (XEP-0050, 4.6), such as {@code bad-action}. */
    static IQ badCommand(IQ request, String problem) {
        PacketError error = new PacketError(Condition.bad_request, PacketError.Type.modify);
        error.setApplicationCondition(problem, AdHocCommands.NAMESPACE);
        return answer(request, error);
    }

    /** The database gave no answer. */
    static IQ storeUnavailable(IQ request) {
        return refused(request, Refusal.STORE_UNAVAILABLE);
    }

    /** A defect of ours. */
    static IQ internal(IQ request) {
        return answer(request, new PacketError(Condition.internal_server_error, PacketError.Type.wait));
    }

    private static PacketError error(PacketError.Type type, Condition condition, String element) {
        PacketError error = new PacketError(condition, type);
        error.setApplicationCondition(element, IqBinding.NAMESPACE);
        return error;
    }

    private static IQ answer(IQ request, PacketError error) {
        IQ answer = IQ.createResultIQ(request);
        answer.setError(error);
        return answer;
    }
}
