package prekeeper.xmpp;

import java.time.InstantSource;
import java.util.Optional;
import prekeeper.service.AccessPolicy;
import prekeeper.service.Outcome;
import prekeeper.service.Peer;
import prekeeper.service.Refusal;

/**
 * Lets in by domain, keeps out who is blocked, and limits how often somebody may begin a handshake or retrieve (docs/protocol.md,
 * "Limits"). An account's own limits are asked first, so that who is over them uses up nothing that others share.
 */
public final class AccessRules implements AccessPolicy {
    private volatile DomainPolicy domains;
    private final BlockedPeers blocked;
    private final Buckets handshakes;
    private final Buckets byRequesterAndTarget;
    private final Buckets byRequester;
    private final Buckets byDomain;
    private final Buckets ofTarget;

    private record Pair(String requester, String target) {}

    public AccessRules(DomainPolicy domains, BlockedPeers blocked, LiveLimits limits, InstantSource clock) {
        this.domains = domains;
        this.blocked = blocked;
        handshakes = Buckets.of(RateLimit.HANDSHAKES, limits, clock);
        byRequesterAndTarget = Buckets.of(RateLimit.RETRIEVALS_BY_REQUESTER_AND_TARGET, limits, clock);
        byRequester = Buckets.of(RateLimit.RETRIEVALS_BY_REQUESTER, limits, clock);
        byDomain = Buckets.of(RateLimit.RETRIEVALS_BY_DOMAIN, limits, clock);
        ofTarget = Buckets.of(RateLimit.RETRIEVALS_OF_TARGET, limits, clock);
    }

    /** Who is let in by domain, now. */
    public DomainPolicy domains() {
        return domains;
    }

    /** Lets others in by domain from now on. */
    public void change(DomainPolicy policy) {
        domains = policy;
    }

    @Override
    public Optional<Outcome> refuseHandshake(Peer publisher) {
        if (!domains.mayPublish(publisher) || blocked.cover(publisher)) {
            return Optional.of(new Outcome.Ignored(Refusal.PUBLISHER_NOT_ALLOWED));
        }
        return limited(handshakes, publisher.account());
    }

    @Override
    public Optional<Outcome> refuseRetrieval(Peer retriever, String owner) {
        DomainPolicy policy = domains;
        if (!policy.mayRetrieve(retriever) || blocked.cover(retriever)) {
            return Optional.of(new Outcome.Ignored(Refusal.RETRIEVER_NOT_ALLOWED));
        }
        String domain = DomainPolicy.domain(retriever);
        return limited(byRequesterAndTarget, new Pair(retriever.account(), owner))
                .or(() -> limited(byRequester, retriever.account()))
                .or(() -> policy.publishers().covers(domain) ? Optional.empty() : limited(byDomain, domain))
                .or(() -> owner.isEmpty()
                        ? Optional.empty()
                        : limited(ofTarget, owner)); // what is nobody's is not used up
    }

    private static Optional<Outcome> limited(Buckets buckets, Object key) {
        return buckets.take(key).map(Outcome.Later::new);
    }
}
