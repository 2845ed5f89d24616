package prekeeper.service;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.SecretBytes;
import prekeeper.protocol.ExpiredException;
import prekeeper.protocol.Macs;
import prekeeper.protocol.VerificationException;
import prekeeper.store.DeviceId;
import prekeeper.store.PrekeyStore;
import prekeeper.store.PublicationResult;
import prekeeper.store.StorageException;
import prekeeper.wire.ClientHeader;
import prekeeper.wire.Dake1;
import prekeeper.wire.Dake3;
import prekeeper.wire.EnsembleQuery;
import prekeeper.wire.Failure;
import prekeeper.wire.InnerMessage;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.PrekeyPublication;
import prekeeper.wire.ServerMessage;
import prekeeper.wire.StorageInformationRequest;
import prekeeper.wire.StorageStatus;
import prekeeper.wire.Success;
import prekeeper.wire.UnsupportedVersionException;

/** The prekey server without what carries its messages (docs/protocol.md, sections "The handshake" to "Retrieval"). */
public final class PrekeyService implements MessageHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PrekeyService.class);

    private final PrekeyStore store;
    private final AccessPolicy policy;
    private final Supplier<StockLimits> limits;
    private final InstantSource clock;
    private final Dakez dakez;
    private final Handshakes handshakes;
    private final Retrieval retrieval;

    /**
     * Makes a service that owns nothing of what it is given.
     *
     * @param limits asked once a request; they may change at any time
     * @param random thread-safe; its first 57 bytes after a DAKE-1 make the server's ephemeral key
     */
    public PrekeyService(
            ServerIdentity server,
            PrekeyStore store,
            Accounts accounts,
            AccessPolicy policy,
            Supplier<StockLimits> limits,
            InstantSource clock,
            SecureRandom random) {
        this.store = store;
        this.policy = policy;
        this.limits = limits;
        this.clock = clock;
        dakez = new Dakez(server, random);
        handshakes = new Handshakes(clock);
        retrieval = new Retrieval(store, accounts, policy, limits, clock);
    }

    @Override
    public Outcome handle(Peer peer, Request request, byte[] encoded) {
        Bytes message = Bytes.of(encoded);
        try {
            ClientHeader header = ClientHeader.read(message);
            return switch (header.type()) {
                case DAKE_1 -> onDake1(peer, request, message);
                case DAKE_3 -> onDake3(peer, request, header, message);
                case ENSEMBLE_QUERY -> onQuery(peer, request, message);
                default -> ignored(Refusal.MALFORMED, "no message of a client");
            };
        } catch (MalformedMessageException e) {
            return ignored(refusal(e), e.getMessage());
        } catch (VerificationException e) {
            return ignored(refusal(e), e.getMessage());
        } catch (StorageException e) {
            LOG.debug("{}", e.getMessage()); // the store has told administrators
            return new Outcome.Ignored(Refusal.STORE_UNAVAILABLE);
        }
    }

    private Outcome onDake1(Peer peer, Request request, Bytes message)
            throws MalformedMessageException, VerificationException {
        if (!request.admits(Request.DAKE)) {
            return ignored(Refusal.MALFORMED, "a DAKE-1 sent as something else");
        }
        Optional<Outcome> refused = policy.refuseHandshake(peer);
        if (refused.isPresent()) {
            return refused.get();
        }
        Dakez.Step step = dakez.answer(peer.account(), Dake1.decode(message), clock.instant());
        handshakes.await(peer.address(), step.handshake());
        return new Outcome.Reply(step.answer().encode(step.handshake().draft()));
    }

    private Outcome onDake3(Peer peer, Request request, ClientHeader header, Bytes message)
            throws MalformedMessageException, VerificationException {
        if (!request.admits(Request.PUBLISH) && !request.admits(Request.STATUS)) {
            return ignored(Refusal.MALFORMED, "a DAKE-3 sent as something else");
        }
        Optional<Handshake> found = handshakes.take(peer.address(), header.sender());
        if (found.isEmpty()) {
            return ignored(Refusal.NO_HANDSHAKE, "a DAKE-3 without its handshake");
        }
        try (Handshake handshake = found.get()) {
            Dake3 dake3 = Dake3.decode(message, handshake.draft());
            dakez.authenticate(handshake, dake3);
            int most = limits.get().publicationBytes();
            if (message.length() > most) { // before it costs more than a signature
                return failed(handshake, Refusal.QUOTA, "DAKE-3 of " + message.length() + " bytes, at most " + most);
            }
            return onInner(handshake, request, dake3.inner());
        }
    }

    /** From here on the publisher is authenticated: whatever is wrong is answered with a Failure message. */
    private Outcome onInner(Handshake handshake, Request request, Bytes message) {
        try {
            InnerMessage inner = InnerMessage.decode(message, handshake.draft());
            if (inner instanceof PrekeyPublication publication && request.admits(Request.PUBLISH)) {
                return publish(handshake, publication);
            }
            if (inner instanceof StorageInformationRequest question && request.admits(Request.STATUS)) {
                return status(handshake, question);
            }
            return failed(handshake, Refusal.MALFORMED, "an inner message sent as another one");
        } catch (MalformedMessageException e) {
            return failed(handshake, refusal(e), e.getMessage());
        } catch (VerificationException e) {
            return failed(handshake, refusal(e), e.getMessage());
        } catch (StorageException e) {
            LOG.debug("{}", e.getMessage()); // the store has told administrators
            return failed(handshake, Refusal.STORE_UNAVAILABLE, "no answer from the store");
        }
    }

    private Outcome publish(Handshake handshake, PrekeyPublication publication) throws VerificationException {
        Instant now = clock.instant();
        PublicationResult result = store.publish(
                new PublicationCheck(handshake, now).verify(publication),
                limits.get().quotas(),
                now);
        if (result != PublicationResult.STORED) {
            return failed(handshake, Refusal.QUOTA, "over a quota: " + result);
        }
        try (SecretBytes mac = Macs.success(handshake.keys().macKey(), handshake.tag())) {
            return reply(handshake, new Success(handshake.tag(), Bytes.of(mac.toByteArray())));
        }
    }

    private Outcome status(Handshake handshake, StorageInformationRequest question) throws VerificationException {
        SecretBytes macKey = handshake.keys().macKey();
        try (SecretBytes expected = Macs.storageInformationRequest(macKey)) {
            VerificationException.unless(
                    expected.matches(question.mac().toByteArray()), "MAC of the storage information request is wrong");
        }
        int count = store.count(
                new DeviceId(handshake.account(), handshake.tag()),
                handshake.publisher().longTermKey().point(),
                clock.instant());
        try (SecretBytes mac = Macs.storageStatus(macKey, handshake.tag(), count)) {
            return reply(handshake, new StorageStatus(handshake.tag(), count, Bytes.of(mac.toByteArray())));
        }
    }

    private Outcome onQuery(Peer peer, Request request, Bytes message) throws MalformedMessageException {
        if (!request.admits(Request.QUERY)) {
            return ignored(Refusal.MALFORMED, "an ensemble query sent as something else");
        }
        return retrieval.answer(peer, EnsembleQuery.decode(message));
    }

    private static Outcome reply(Handshake handshake, ServerMessage answer) {
        return new Outcome.Reply(answer.encode(handshake.draft()));
    }

    private static Outcome failed(Handshake handshake, Refusal why, String detail) {
        LOG.debug("failure: {}", detail);
        try (SecretBytes mac = Macs.failure(handshake.keys().macKey(), handshake.tag())) {
            Failure failure = new Failure(handshake.tag(), Bytes.of(mac.toByteArray()));
            return new Outcome.Failed(failure.encode(handshake.draft()), why);
        }
    }

    private static Outcome ignored(Refusal why, String detail) {
        LOG.debug("ignored: {}", detail);
        return new Outcome.Ignored(why);
    }

    private static Refusal refusal(MalformedMessageException e) {
        return e instanceof UnsupportedVersionException ? Refusal.UNSUPPORTED_VERSION : Refusal.MALFORMED;
    }

    private static Refusal refusal(VerificationException e) {
        return e instanceof ExpiredException ? Refusal.EXPIRED : Refusal.INVALID;
    }
}
