package prekeeper.it;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import prekeeper.client.EnsembleCheck;
import prekeeper.client.Handshake;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.PublisherSession;
import prekeeper.protocol.VerificationException;
import prekeeper.wire.Armour;
import prekeeper.wire.CompositeIdentity;
import prekeeper.wire.Dake2;
import prekeeper.wire.Dake3;
import prekeeper.wire.Draft;
import prekeeper.wire.EnsembleQuery;
import prekeeper.wire.EnsembleRetrieval;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.NoPrekeyEnsembles;
import prekeeper.wire.PrekeyEnsemble;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.ServerMessage;

/** A user who publishes and retrieves over one binding. Every signature and MAC that comes is checked. */
public final class PrekeyClient {
    private static final int MOST_BYTES = 1 << 20;

    private final XmppUser user;
    private final String server;
    private final Binding binding;
    private final SecureRandom random;

    public PrekeyClient(XmppUser user, String server, Binding binding, SecureRandom random) {
        this.user = user;
        this.server = server;
        this.binding = binding;
        this.random = random;
    }

    /** Who the server proves to be in a handshake that leads to nothing more. */
    public CompositeIdentity identify(PrekeyDevice device) throws MalformedMessageException, VerificationException {
        try (Handshake handshake = begin(device);
                PublisherSession session = accept(device, handshake)) {
            return session.server();
        }
    }

    /** Publishes the device's profiles and {@code messages} in a handshake of its own. */
    public PublisherSession.Answer publish(PrekeyDevice device, List<PrekeyMessage> messages)
            throws MalformedMessageException, VerificationException {
        try (Handshake handshake = begin(device);
                PublisherSession session = accept(device, handshake)) {
            return finish(device, session, "publish", session.publish(messages));
        }
    }

    /** Publishes {@code messages} for profiles that are there already. */
    public PublisherSession.Answer publishMore(PrekeyDevice device, List<PrekeyMessage> messages)
            throws MalformedMessageException, VerificationException {
        try (Handshake handshake = begin(device);
                PublisherSession session = accept(device, handshake)) {
            return finish(device, session, "publish", session.publishMore(messages));
        }
    }

    /** Asks how many prekey messages of the device are stored. */
    public PublisherSession.Answer status(PrekeyDevice device) throws MalformedMessageException, VerificationException {
        try (Handshake handshake = begin(device);
                PublisherSession session = accept(device, handshake)) {
            return finish(device, session, "status", session.askStatus());
        }
    }

    /**
     * Retrieves ensembles of {@code identity}, every one of them verified.
     *
     * @param tag of the device that asks
     * @param draft that the answer must be in
     * @return empty when the server says that it has none
     */
    public List<PrekeyEnsemble> retrieve(InstanceTag tag, String identity, Draft draft)
            throws MalformedMessageException, VerificationException {
        ServerMessage answer = exchange("query", Armour.encode(new EnsembleQuery(tag, identity, "4").encode()), draft);
        VerificationException.unless(answer.receiver().equals(tag), "answer is for another device");
        if (answer instanceof NoPrekeyEnsembles none) {
            VerificationException.unless(none.identity().equals(identity), "answer is about somebody else");
            VerificationException.unless(none.text().equals(NoPrekeyEnsembles.TEXT), "answer has another text");
            return List.of();
        }
        if (answer instanceof EnsembleRetrieval retrieval) {
            VerificationException.unless(retrieval.identity().equals(identity), "answer is about somebody else");
            for (PrekeyEnsemble ensemble : retrieval.ensembles()) {
                EnsembleCheck.verify(ensemble, Instant.now());
            }
            return retrieval.ensembles();
        }
        throw new VerificationException("answer is of a kind that answers no query");
    }

    private Handshake begin(PrekeyDevice device) {
        return Handshake.begin(device, user.bareJid(), server, random);
    }

    private PublisherSession accept(PrekeyDevice device, Handshake handshake)
            throws MalformedMessageException, VerificationException {
        ServerMessage answer = exchange("dake", Armour.encode(handshake.dake1().encode()), device.draft());
        if (answer instanceof Dake2 dake2) {
            return handshake.accept(dake2);
        }
        throw new VerificationException("answer is of a kind that answers no DAKE-1");
    }

    private PublisherSession.Answer finish(PrekeyDevice device, PublisherSession session, String element, Dake3 dake3)
            throws MalformedMessageException, VerificationException {
        return session.read(exchange(element, Armour.encode(dake3.encode()), device.draft()));
    }

    private ServerMessage exchange(String element, String text, Draft draft) throws MalformedMessageException {
        String answer = binding.exchange(user, server, element, text);
        return ServerMessage.decode(Armour.decode(answer, MOST_BYTES), draft);
    }
}
