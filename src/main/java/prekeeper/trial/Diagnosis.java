package prekeeper.trial;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jivesoftware.smack.SmackException.NoResponseException;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.packet.StanzaError.Condition;
import prekeeper.client.smack.PrekeyBinding;
import prekeeper.client.smack.PrekeyException;
import prekeeper.client.smack.PrekeyServer;
import prekeeper.client.smack.element.PrekeyIq;

/**
 * Says what probably lies behind an error of the prekey protocol or of XMPP below it (docs/protocol.md, "Errors").
 *
 * @param server that was talked to
 * @param publisher whose devices are published
 */
record Diagnosis(PrekeyServer server, Account publisher) {
    private static final List<String> APPLICATION_CONDITIONS = List.of(
            "publisher-not-allowed",
            "expired",
            "retry",
            "too-large",
            "malformed",
            "unsupported-version",
            "invalid",
            "no-handshake");

    /** What lies behind {@code e}, where {@code login} was used and {@code longest} characters is its longest stanza so far. */
    Cause of(Exception e, Login login, int longest) {
        Optional<String> lost = login.lost();
        if (lost.isPresent()) {
            return ofLostStream(lost.get(), longest);
        }
        if (e instanceof XMPPErrorException refused) {
            return ofError(refused.getStanzaError());
        }
        if (e instanceof NoResponseException) {
            return ofSilence();
        }
        if (e instanceof PrekeyException failed) {
            return ofProtocol(failed);
        }
        if (e instanceof NotConnectedException) {
            return new Cause("the connection to the XMPP server is gone", "the XMPP server's log may tell why");
        }
        return new Cause(
                "unexpected " + e.getClass().getSimpleName() + ": " + e.getMessage(),
                "this is a fault of prekeeper; please report it");
    }

    private static Cause ofLostStream(String why, int longest) {
        String lower = why.toLowerCase(Locale.ROOT);
        boolean tooLarge =
                lower.contains("policy-violation") || lower.contains("too big") || lower.contains("too large");
        return tooLarge
                ? new Cause(
                        "the XMPP server's stanza limit for clients is too small: it ended the stream with " + why
                                + "; the longest stanza that was sent has " + number(longest) + " characters",
                        "let clients send stanzas of 256 KiB: c2s_stanza_size_limit in Prosody, max_stanza_size of the"
                                + " ejabberd_c2s listener in ejabberd")
                : new Cause(
                        "the XMPP server ended the stream: " + why + "; the longest stanza that was sent has "
                                + number(longest) + " characters",
                        "its log may tell why; a stanza limit for clients that is too small is a usual reason");
    }

    private Cause ofError(StanzaError error) {
        // Smack gives no list of them, only one by its name
        String application = APPLICATION_CONDITIONS.stream()
                .filter(name -> error.getExtension(name, PrekeyIq.NAMESPACE) != null)
                .findFirst()
                .orElse("");
        String domain = publisher.jid().getDomain().toString();
        return switch (application) {
            case "publisher-not-allowed" ->
                new Cause(
                        "the prekey server does not let " + publisher + " publish: its domain " + domain
                                + " is none of the publishers' domains, or the account is blocked",
                        "add " + domain + " to publishers.domains in prekeeper.conf, or unblock the account");
            case "expired" ->
                new Cause(
                        "the prekey server takes a profile that was made just now for expired: a clock is wrong, this"
                                + " machine's or the prekey server's",
                        "set both clocks right, by NTP");
            case "retry" ->
                new Cause(
                        "a limit of the prekey server turned the request away; it asks to try again in "
                                + attribute(error, application, "seconds") + " s",
                        "wait, or raise the limit (limits in prekeeper.conf, or the command to set limits)");
            case "too-large" ->
                new Cause(
                        "the message is larger than the prekey server takes ("
                                + attribute(error, application, "max-bytes") + " bytes)",
                        "limits.publication-bytes in prekeeper.conf is too small");
            case "malformed", "unsupported-version", "invalid", "no-handshake" ->
                new Cause(
                        "the prekey server refused the message as " + application,
                        "it speaks another version of the protocol, or something between changed the message");
            default -> ofCondition(error);
        };
    }

    private static String attribute(StanzaError error, String application, String name) {
        return error.getExtension(application, PrekeyIq.NAMESPACE) instanceof StandardExtensionElement element
                ? String.valueOf(element.getAttributeValue(name))
                : "some";
    }

    private Cause ofCondition(StanzaError error) {
        Condition condition = error.getCondition();
        return switch (condition) {
            case forbidden, not_allowed ->
                new Cause(
                        "this account may not talk to " + server.jid() + ", or it is not connected any more ("
                                + condition + ")",
                        "see retrievers.domains in prekeeper.conf, whether the account is blocked, and whether prekeeper runs");
            case internal_server_error ->
                new Cause(
                        "the prekey server met an error of its own, such as a database that gives no answer",
                        "its log tells more");
            case resource_constraint ->
                new Cause(
                        "the prekey server has no room for this: it is busy, or the account has as many devices as it"
                                + " keeps",
                        "try again later, with an account that has no other devices");
            case service_unavailable, remote_server_not_found, remote_server_timeout, item_not_found, gone ->
                new Cause(
                        "nothing is connected to the XMPP server as " + server.jid() + " any more ("
                                + condition.toString() + ")",
                        "look whether prekeeper runs, and into its log");
            default -> new Cause("error " + condition + " came back", "the log of whoever sent it may tell more");
        };
    }

    private Cause ofSilence() {
        return server.binding() == PrekeyBinding.IQ
                ? new Cause(
                        server.jid() + " gave no answer in time",
                        "it hangs, or is very busy, or the XMPP server loses its answers; see both logs")
                : new Cause(
                        server.jid() + " gave no answer in time, which over the message binding is also what every"
                                + " refusal looks like: a limit, a domain or account that may not publish, a wrong clock",
                        "see its log, and whether the XMPP server lets messages to it pass");
    }

    private Cause ofProtocol(PrekeyException failed) {
        return switch (failed.reason()) {
            case REFUSED ->
                new Cause(
                        "the prekey server authenticated the publication and refused it: too many devices of the"
                                + " account, too many prekey messages, or a profile that has expired by its clock",
                        "try an account that has no other devices, and compare the clocks");
            case UNTRUSTED ->
                new Cause(
                        "the prekey server proved another key than the expected one",
                        "if its key was changed on purpose, give the new fingerprint; if not, somebody is in between");
            case INVALID ->
                new Cause(
                        "an answer fails a check: " + failed.getMessage(),
                        "the prekey server speaks another draft or has a defect, or something between changes messages");
            case NOT_KEPT -> throw new IllegalStateException("keeping nothing failed", failed);
        };
    }

    private static String number(int value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
