package prekeeper.service;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
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
    private final AccessPolicy policy;
    private final Supplier<StockLimits> limits;
    private final InstantSource clock;

    Retrieval(
            PrekeyStore store,
            Accounts accounts,
            AccessPolicy policy,
            Supplier<StockLimits> limits,
            InstantSource clock) {
        this.store = store;
        this.accounts = accounts;
        this.policy = policy;
        this.limits = limits;
        this.clock = clock;
    }

    Outcome answer(Peer retriever, EnsembleQuery query) {
        Optional<String> owner = accounts.prepare(query.identity());
        LOG.debug("{} asks for prekeys of {}", retriever.account(), query.identity());
        Optional<Outcome> refused = policy.refuseRetrieval(retriever, owner.orElse(""));
        return refused.orElseGet(() -> answer(retriever, query, owner));
    }

    private Outcome answer(Peer retriever, EnsembleQuery query, Optional<String> owner) {
        Instant now = clock.instant();
        Optional<Draft> draft = owner.flatMap(account -> draft(retriever, query, account, now));
        int mark = limits.get().lowMark();
        List<Ensemble> taken = draft.isEmpty()
                ? List.of()
                : store.takeEnsembles(
                        // counting one more than the low mark tells that there is enough
                        new Take(owner.orElseThrow(), draft.get(), query.versions(), MOST_ENSEMBLES, mark + 1), now);
        Instant afterwards = clock.instant(); // a taking may wait for others, and for the disk
        List<PrekeyEnsemble> ensembles = decode(taken, draft).stream()
                .filter(ensemble -> afterwards.isBefore(end(ensemble)))
                // libotr-ng crashes on a set that begins with an expired profile, and its clock may be ahead of ours
                .sorted(Comparator.comparing(Retrieval::end).reversed())
                .toList();
        Bytes answer = ensembles.isEmpty()
                ? new NoPrekeyEnsembles(query.sender(), query.identity(), NoPrekeyEnsembles.TEXT)
                        .encode(draft.orElse(Draft.DEPLOYED)) // its encoding is the same in all drafts
                : new EnsembleRetrieval(query.sender(), query.identity(), ensembles).encode(draft.orElseThrow());
        Instant expires = ensembles.isEmpty() ? Instant.MAX : end(ensembles.get(ensembles.size() - 1));
        return new Outcome.Reply(answer, lowStock(taken, mark), expires);
    }

    /** A query does not tell its draft: the retriever's own device does, else the device that the target published last. */
    private Optional<Draft> draft(Peer retriever, EnsembleQuery query, String owner, Instant now) {
        return store.draftOf(new DeviceId(retriever.account(), query.sender()), now)
                .or(() -> store.latestDraft(owner, now));
    }

    private static List<LowStock> lowStock(List<Ensemble> taken, int mark) {
        return taken.stream()
                .filter(ensemble -> ensemble.remaining() <= mark)
                .map(ensemble -> new LowStock(
                        ensemble.device().owner(), ensemble.device().tag(), ensemble.remaining()))
                .toList();
    }

    private static List<PrekeyEnsemble> decode(List<Ensemble> taken, Optional<Draft> draft) {
        List<PrekeyEnsemble> ensembles = new ArrayList<>();
        for (Ensemble one : taken) {
            try {
                ensembles.add(new PrekeyEnsemble(
                        ClientProfile.decode(one.clientProfile()),
                        PrekeyProfile.decode(one.prekeyProfile(), draft.orElseThrow()),
                        PrekeyMessage.decode(one.prekeyMessage())));
            } catch (MalformedMessageException e) {
                LOG.error(
                        "a stored ensemble does not decode ({}): the database is damaged, restore a backup",
                        e.getMessage());
            }
        }
        return ensembles;
    }

    private static Instant end(PrekeyEnsemble ensemble) {
        Instant client = ensemble.clientProfile().expires();
        Instant prekey = ensemble.prekeyProfile().expires();
        return client.isBefore(prekey) ? client : prekey;
    }
}
