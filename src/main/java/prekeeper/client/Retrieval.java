package prekeeper.client;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import prekeeper.crypto.Bytes;
import prekeeper.protocol.VerificationException;
import prekeeper.wire.Draft;
import prekeeper.wire.EnsembleQuery;
import prekeeper.wire.EnsembleRetrieval;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.NoPrekeyEnsembles;
import prekeeper.wire.PrekeyEnsemble;
import prekeeper.wire.ServerMessage;

/**
 * A retriever's side: one question for somebody's ensembles, and the check of its answer (prekey server spec, "Retrieving
 * Prekey Ensembles"; OTRv4, "Validating Prekey Ensembles"). Immutable.
 */
public final class Retrieval {
    private final EnsembleQuery query;

    private Retrieval(EnsembleQuery query) {
        this.query = query;
    }

    /**
     * Asks for the ensembles of {@code contact}.
     *
     * @param asking the device that asks; if it is published where it asks, the answer comes in its draft
     * @param contact a bare JID
     */
    public static Retrieval of(InstanceTag asking, String contact) {
        return new Retrieval(new EnsembleQuery(asking, contact, PrekeyDevice.VERSIONS));
    }

    /** What to send. */
    public EnsembleQuery query() {
        return query;
    }

    /**
     * The ensembles in {@code answer} that can be written to at the time {@code now}, one a device. Those that are invalid,
     * and further ones of a device that has one, are left out, as OTRv4 says.
     *
     * @param answer in whichever draft: the question does not tell it
     * @return empty when the server says that it has none
     * @throws MalformedMessageException when it is malformed in every draft
     * @throws VerificationException when it answers something else, or not one of its ensembles is valid
     */
    public List<VerifiedEnsemble> read(Bytes answer, Instant now)
            throws MalformedMessageException, VerificationException {
        ServerMessage message = decode(answer);
        VerificationException.unless(message.receiver().equals(query.sender()), "answer is for another device");
        if (message instanceof NoPrekeyEnsembles none) {
            requireIdentity(none.identity());
            return List.of();
        }
        if (message instanceof EnsembleRetrieval retrieval) {
            requireIdentity(retrieval.identity());
            // also what an answer of the SPEC draft looks like that ends after the first byte of its L
            VerificationException.unless(
                    !retrieval.ensembles().isEmpty(), "answer has no ensemble and does not say so");
            return valid(retrieval.ensembles(), now);
        }
        throw new VerificationException("answer is of a kind that answers no query");
    }

    private void requireIdentity(String identity) throws VerificationException {
        VerificationException.unless(identity.equals(query.identity()), "answer is about somebody else");
    }

    private static List<VerifiedEnsemble> valid(List<PrekeyEnsemble> ensembles, Instant now)
            throws VerificationException {
        List<VerifiedEnsemble> valid = new ArrayList<>();
        Set<InstanceTag> devices = new HashSet<>();
        Optional<VerificationException> invalid = Optional.empty();
        for (PrekeyEnsemble ensemble : ensembles) {
            try {
                VerifiedEnsemble verified = EnsembleCheck.verify(ensemble, now);
                if (devices.add(ensemble.clientProfile().owner())) {
                    valid.add(verified);
                }
            } catch (VerificationException e) {
                invalid = Optional.of(invalid.orElse(e));
            }
        }
        if (valid.isEmpty() && invalid.isPresent()) {
            throw invalid.get();
        }
        return valid;
    }

    /** Keys are written differently in each draft, so what has one is malformed in the others. */
    private static ServerMessage decode(Bytes answer) throws MalformedMessageException {
        MalformedMessageException malformed = null;
        for (Draft draft : Draft.values()) {
            try {
                return ServerMessage.decode(answer, draft);
            } catch (MalformedMessageException e) {
                malformed = e;
            }
        }
        throw malformed;
    }
}
