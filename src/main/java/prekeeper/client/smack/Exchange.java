package prekeeper.client.smack;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jivesoftware.smack.SmackException.NoResponseException;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.StanzaCollector;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.filter.AndFilter;
import org.jivesoftware.smack.filter.FromMatchesFilter;
import org.jivesoftware.smack.filter.StanzaFilter;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.StanzaBuilder;
import prekeeper.client.smack.PrekeyException.Reason;
import prekeeper.client.smack.element.PrekeyIq;
import prekeeper.crypto.Bytes;
import prekeeper.wire.Armour;
import prekeeper.wire.Fragment;
import prekeeper.wire.MalformedMessageException;

/**
 * One prekey message to a server and one back, over the binding that the server speaks (docs/protocol.md, "IQ binding" and
 * "Message binding"). Not for two threads at a time: bodies carry nothing reliable to tell answers apart by.
 */
final class Exchange {
    /** A retrieval of 255 devices has a quarter of that. */
    private static final int MOST_BYTES = 1 << 20;
    /** Its text. */
    private static final int MOST_CHARS = MOST_BYTES / 3 * 4 + 100;

    private static final String HINTS = "urn:xmpp:hints";

    private final XMPPConnection connection;
    private final PrekeyServer server;

    Exchange(XMPPConnection connection, PrekeyServer server) {
        this.connection = connection;
        this.server = server;
    }

    /** The answer to {@code message}; it is well armoured, and nothing more is known of it. */
    Bytes ask(PrekeyIq.Request request, Bytes message)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        String text = Armour.encode(message);
        return server.binding() == PrekeyBinding.IQ
                ? askByIq(new PrekeyIq(request, text))
                : decode(askByMessage(text, patience(text)));
    }

    /** {@link #ask} for a query, which may be repeated with the same {@code id}. */
    Bytes query(String id, Bytes message)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        return server.binding() == PrekeyBinding.IQ
                ? askByIq(PrekeyIq.query(id, Armour.encode(message)))
                : ask(PrekeyIq.Request.QUERY, message);
    }

    private Bytes askByIq(PrekeyIq request)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        request.setTo(server.jid());
        try (StanzaCollector answers = connection.createStanzaCollectorAndSend(request)) {
            Stanza answer = answers.nextResultOrThrow(patience(request.text()).toMillis());
            if (answer instanceof PrekeyIq result
                    && result.getChildElementName().equals(request.getChildElementName())) {
                return decode(result.text());
            }
            throw new PrekeyException(Reason.INVALID, "the result holds another element than the request");
        }
    }

    private String askByMessage(String text, Duration patience)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        String thread = UUID.randomUUID().toString();
        StanzaFilter ofServer = new AndFilter(
                StanzaTypeFilter.MESSAGE,
                FromMatchesFilter.createFull(server.jid()),
                stanza -> stanza instanceof Message message && mayAnswer(message, thread));
        long end = System.nanoTime() + patience.toNanos();
        Map<Integer, Fragment> fragments = new TreeMap<>();
        int characters = 0;
        try (StanzaCollector answers = connection.createStanzaCollector(ofServer)) {
            connection.sendStanza(request(text, thread));
            while (true) {
                String body = next(answers, end).getBody();
                if (!Fragment.isFragment(body)) {
                    return body;
                }
                characters += body.length();
                if (characters > MOST_CHARS) {
                    throw new PrekeyException(
                            Reason.INVALID, "fragments of more than " + MOST_CHARS + " characters in all");
                }
                Fragment fragment = Fragment.parse(body);
                fragments.putIfAbsent(fragment.index(), fragment);
                if (fragments.size() == fragment.total()) {
                    return Fragment.join(fragments.values());
                }
            }
        } catch (MalformedMessageException e) {
            throw new PrekeyException(Reason.INVALID, "the answer comes in fragments that make no message", e);
        }
    }

    /** Not by nextResultOrThrow, after which a collector collects nothing more. */
    private Message next(StanzaCollector answers, long end)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException {
        long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        Message answer = answers.nextResult(Math.max(1, left));
        if (answer == null) {
            if (!connection.isConnected()) {
                throw new NotConnectedException();
            }
            throw NoResponseException.newWith(connection, "an answer of " + server.jid());
        }
        XMPPErrorException.ifHasErrorThenThrow(answer);
        return answer;
    }

    private Message request(String text, String thread) {
        return StanzaBuilder.buildMessage(UUID.randomUUID().toString())
                .to(server.jid())
                .ofType(Message.Type.chat)
                .setThread(thread)
                .setBody(text)
                // XEP-0334 and XEP-0280: for the server, now, and for nobody's archive
                .addExtension(
                        StandardExtensionElement.builder("no-store", HINTS).build())
                .addExtension(StandardExtensionElement.builder("no-copy", HINTS).build())
                .addExtension(StandardExtensionElement.builder("private", "urn:xmpp:carbons:2")
                        .build())
                .build();
    }

    /** Servers that tell threads apart keep late answers to others out; the body of an error is what was asked. */
    private static boolean mayAnswer(Message message, String thread) {
        return (message.getThread() == null || message.getThread().equals(thread))
                && message.getType() != Message.Type.headline
                && (message.getType() == Message.Type.error || message.getBody() != null);
    }

    private static Bytes decode(String text) throws PrekeyException {
        try {
            return Armour.decode(text, MOST_BYTES);
        } catch (MalformedMessageException e) {
            throw new PrekeyException(Reason.INVALID, "the answer is no message: " + e.getMessage(), e);
        }
    }

    private Duration patience(String text) {
        return Patience.with(text.length(), Duration.ofMillis(connection.getReplyTimeout()));
    }
}
