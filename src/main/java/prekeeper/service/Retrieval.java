package prekeeper.service;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prekeeper.crypto.Bytes;
import prekeeper.store.DeviceId;
import prekeeper.store.Ensemble;
import prekeeper.store.PrekeyStore;
import prekeeper.store.Take;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.Draft;
import prekeeper.wire.EnsembleQuery;
import prekeeper.wire.EnsembleRetrieval;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.NoPrekeyEnsembles;
import prekeeper.wire.PrekeyEnsemble;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.PrekeyProfile;

/** Answers Ensemble Queries (docs/protocol.md, "Retrieval"). Nobody learns whether an account exists or is only empty. */
final class Retrieval {
    private static final Logger LOG = LoggerFactory.getLogger(Retrieval.class);

    /**
     * The most devices that one answer holds. The largest ensembles have some 2 KB: that many take 360 KB of base64, and XMPP
     * servers end the stream of a component whose stanza is larger than they allow (Prosody: 512 KB). Any draft can count it.
     */
    private static final int MOST_ENSEMBLES = 128;

    private final PrekeyStore store;
    private final Accounts accounts;

    Retrieval(PrekeyStore store, Accounts accounts) {
        this.store = store;
        this.accounts = accounts;
    }

    Bytes answer(Peer retriever, EnsembleQuery query, Instant now) {
        Optional<String> owner = accounts.prepare(query.identity());
        Optional<Draft> draft = owner.flatMap(account -> draft(retriever, query, account, now));
        List<PrekeyEnsemble> ensembles =
                draft.isPresent() ? take(owner.orElseThrow(), query, draft.get(), now) : List.of();
        if (ensembles.isEmpty()) {
            return new NoPrekeyEnsembles(query.sender(), query.identity(), NoPrekeyEnsembles.TEXT)
                    .encode(draft.orElse(Draft.DEPLOYED)); // its encoding is the same in all drafts
        }
        return new EnsembleRetrieval(query.sender(), query.identity(), ensembles).encode(draft.get());
    }

    /** A query does not tell its draft: the retriever's own device does, else the device that the target published last. */
    private Optional<Draft> draft(Peer retriever, EnsembleQuery query, String owner, Instant now) {
        return store.draftOf(new DeviceId(retriever.account(), query.sender()), now)
                .or(() -> store.latestDraft(owner, now));
    }

    private List<PrekeyEnsemble> take(String owner, EnsembleQuery query, Draft draft, Instant now) {
        List<PrekeyEnsemble> ensembles = new ArrayList<>();
        Take take = new Take(owner, draft, query.versions(), MOST_ENSEMBLES, 0);
        for (Ensemble taken : store.takeEnsembles(take, now)) {
            try {
                ensembles.add(new PrekeyEnsemble(
                        ClientProfile.decode(taken.clientProfile()),
                        PrekeyProfile.decode(taken.prekeyProfile(), draft),
                        PrekeyMessage.decode(taken.prekeyMessage())));
            } catch (MalformedMessageException e) {
                LOG.error(
                        "a stored ensemble does not decode ({}): the database is damaged, restore a backup",
                        e.getMessage());
            }
        }
        // libotr-ng crashes on a set that begins with a profile expired by its own clock, which may be ahead of ours
        ensembles.sort(Comparator.comparing(Retrieval::end).reversed());
        return ensembles;
    }

    private static Instant end(PrekeyEnsemble ensemble) {
        Instant client = ensemble.clientProfile().expires();
        Instant prekey = ensemble.prekeyProfile().expires();
        return client.isBefore(prekey) ? client : prekey;
    }
}
