package prekeeper.client.smack;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.Lock;
import org.jivesoftware.smack.SmackException.NoResponseException;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jxmpp.jid.EntityFullJid;
import prekeeper.client.DeviceSecrets;
import prekeeper.client.Handshake;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.PublisherSession;
import prekeeper.client.PublisherSession.Answer;
import prekeeper.client.smack.PrekeyException.Reason;
import prekeeper.client.smack.element.PrekeyIq;
import prekeeper.client.smack.element.StreamLimits;
import prekeeper.crypto.Bytes;
import prekeeper.protocol.VerificationException;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.Dake2;
import prekeeper.wire.Dake3;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.PrekeyProfile;
import prekeeper.wire.ServerMessage;

/**
 * A device at the prekey server that it publishes at (prekey server spec, "Publishing Prekey Values"). Made by
 * {@link PrekeyManager#publisher}.
 *
 * <p>Every method goes through a handshake of its own, asks {@link ServerTrust} in it, and checks every signature and MAC
 * that comes. Each waits for the server, for a minute and more: not for the threads of Smack's listeners. Thread-safe; one
 * request of a connection is under way at a time.
 */
public final class PrekeyPublisher {
    private final XMPPConnection connection;
    private final PrekeyServer server;
    private final PrekeyDevice device;
    private final DeviceSecrets secrets;
    private final ServerTrust trust;
    private final Lock oneAtATime;
    private final SecureRandom random;

    PrekeyPublisher(
            XMPPConnection connection,
            PrekeyServer server,
            PrekeyDevice device,
            DeviceSecrets secrets,
            ServerTrust trust,
            Lock oneAtATime,
            SecureRandom random) {
        this.connection = connection;
        this.server = server;
        this.device = device;
        this.secrets = secrets;
        this.trust = trust;
        this.oneAtATime = oneAtATime;
        this.random = random;
    }

    /** Where it is published. */
    public PrekeyServer server() {
        return server;
    }

    /** What is published. */
    public PrekeyDevice device() {
        return device;
    }

    /**
     * Asks how many prekey messages of the device the server has stored, from 0 to 2^32 − 1.
     *
     * @throws NoResponseException when there was no answer in time; over the message binding that is what a refusal looks like
     * @throws XMPPErrorException when server or prekey server refused with a stanza error
     * @throws PrekeyException when the server is not trusted or its answer is invalid
     */
    public long status()
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        oneAtATime.lockInterruptibly();
        try {
            Answer answer = inHandshake(PrekeyIq.Request.STATUS, PublisherSession::askStatus);
            if (answer instanceof Answer.Count count) {
                return count.stored();
            }
            throw unexpected(answer);
        } finally {
            oneAtATime.unlock();
        }
    }

    /**
     * Publishes both profiles and {@code prekeyMessages}, and keeps the device's secrets before. What was sent once and not
     * acknowledged is sent again before anything new is made, so a call that failed can just be repeated: the server skips
     * what it has.
     *
     * <p>More than fit a publication, by the word of either server (XEP-0478) or by what stanzas usually hold, go in several, each in a handshake of its
     * own; when one fails, those before it stay published.
     *
     * @param prekeyMessages how many, from 0
     * @throws NoResponseException when there was no answer in time; what is stored is then unknown
     * @throws XMPPErrorException when server or prekey server refused with a stanza error
     * @throws PrekeyException when the server is not trusted, its answer is invalid, it refused what was published, or the
     *     application could not keep the secrets
     */
    public void publish(int prekeyMessages)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        publish(prekeyMessages, true);
    }

    /**
     * {@link #publish} for profiles that the server has already.
     *
     * @param prekeyMessages how many, from 1
     */
    public void publishMore(int prekeyMessages)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        if (prekeyMessages < 1) {
            throw new IllegalArgumentException(prekeyMessages + " more prekey messages, at least 1");
        }
        publish(prekeyMessages, false);
    }

    private void publish(int count, boolean profiles)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        if (count < 0) {
            throw new IllegalArgumentException(count + " prekey messages, at least 0");
        }
        oneAtATime.lockInterruptibly();
        try {
            List<PrekeyMessage> messages = device.unpublished(count, random);
            keepSecrets();
            PublicationParts parts = PublicationParts.at(server, mostStanzaBytes());
            ClientProfile clientProfile = device.clientProfile();
            PrekeyProfile prekeyProfile = device.prekeyProfile();
            int profileBytes =
                    clientProfile.encoded().length() + prekeyProfile.encoded().length();
            boolean withProfiles = profiles;
            for (List<PrekeyMessage> part : parts.cut(messages, profiles ? profileBytes : 0)) {
                publishPart(part, withProfiles);
                device.acknowledged(part);
                if (withProfiles) {
                    device.acknowledged(clientProfile, prekeyProfile);
                    withProfiles = false;
                }
            }
            keepSecrets();
        } finally {
            oneAtATime.unlock();
        }
    }

    private OptionalInt mostStanzaBytes() {
        StreamLimits limits = connection.getFeature(StreamLimits.class);
        return limits == null ? OptionalInt.empty() : limits.mostBytes();
    }

    private void publishPart(List<PrekeyMessage> part, boolean profiles)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        Answer answer = inHandshake(
                PrekeyIq.Request.PUBLISH, session -> profiles ? session.publish(part) : session.publishMore(part));
        if (answer instanceof Answer.Count) {
            throw unexpected(answer);
        }
        if (answer instanceof Answer.Refused) {
            throw new PrekeyException(Reason.REFUSED, server.jid() + " refused the publication");
        }
    }

    private PrekeyException unexpected(Answer answer) {
        return answer instanceof Answer.Refused
                ? new PrekeyException(Reason.REFUSED, server.jid() + " refused the question for the status")
                : new PrekeyException(Reason.INVALID, "the answer is of another kind than the request");
    }

    private void keepSecrets() throws PrekeyException {
        try {
            device.keepIn(secrets);
        } catch (IOException e) {
            throw new PrekeyException(Reason.NOT_KEPT, "the secrets of the device could not be kept", e);
        }
    }

    private Answer inHandshake(PrekeyIq.Request request, Ending ending)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        EntityFullJid user = connection.getUser();
        if (user == null) {
            throw new NotConnectedException();
        }
        Exchange exchange = new Exchange(connection, server);
        try (Handshake handshake = Handshake.begin(
                device, user.asBareJid().toString(), server.jid().toString(), random)) {
            ServerMessage dake2 =
                    decode(exchange.ask(PrekeyIq.Request.DAKE, handshake.dake1().encode()));
            VerificationException.unless(dake2 instanceof Dake2, "answer is of a kind that answers no DAKE-1");
            try (PublisherSession session = handshake.accept((Dake2) dake2)) {
                if (!trust.trusts(session.server())) {
                    throw new PrekeyException(Reason.UNTRUSTED, "the key of " + server.jid() + " is not trusted");
                }
                return session.read(
                        decode(exchange.ask(request, ending.of(session).encode())));
            }
        } catch (VerificationException e) {
            throw new PrekeyException(Reason.INVALID, e.getMessage(), e);
        }
    }

    private ServerMessage decode(Bytes answer) throws PrekeyException {
        try {
            return ServerMessage.decode(answer, device.draft());
        } catch (MalformedMessageException e) {
            throw new PrekeyException(Reason.INVALID, "malformed answer: " + e.getMessage(), e);
        }
    }

    /** The DAKE-3 that ends a handshake. */
    private interface Ending {
        Dake3 of(PublisherSession session);
    }
}
