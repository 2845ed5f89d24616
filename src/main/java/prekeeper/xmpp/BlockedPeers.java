package prekeeper.xmpp;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedSet;
import prekeeper.service.Peer;
import prekeeper.store.BlockList;

/**
 * Accounts and domains that may neither publish nor retrieve. What another server on the same database blocks counts within a
 * minute; when the database gives no answer, what was known before does. Thread-safe.
 */
public final class BlockedPeers {
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final BlockList list;
    private final InstantSource clock;
    private final LoadingCache<BlockList, SortedSet<String>> known =
            Caffeine.newBuilder().maximumSize(1).refreshAfterWrite(FRESH).build(BlockList::blocked);

    public BlockedPeers(BlockList list, InstantSource clock) {
        this.list = list;
        this.clock = clock;
    }

    /**
     * The form in which an entry is kept: a prepared bare JID or domain.
     *
     * @return empty when {@code written} is neither
     */
    public static Optional<String> prepareEntry(String written) {
        return written.indexOf('@') < 0
                ? DomainList.prepareDomain(written)
                : new TinderAccounts().prepare(written).filter(account -> written.indexOf('/') < 0);
    }

    /** Whether {@code peer}'s account or domain is blocked. */
    public boolean cover(Peer peer) {
        SortedSet<String> entries = all();
        return entries.contains(peer.account()) || entries.contains(DomainPolicy.domain(peer));
    }

    /** All entries. */
    public SortedSet<String> all() {
        return known.get(list);
    }

    /** Blocks a prepared entry; false when it is blocked already. */
    public boolean block(String entry) {
        boolean added = list.block(entry, clock.instant());
        known.invalidate(list);
        return added;
    }

    /** Lets an entry in again; false when it was not blocked. */
    public boolean unblock(String entry) {
        boolean removed = list.unblock(entry);
        known.invalidate(list);
        return removed;
    }
}
