package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import prekeeper.service.Outcome;
import prekeeper.service.Peer;
import prekeeper.service.Refusal;
import prekeeper.store.InMemoryPrekeyStore;

/** docs/protocol.md, "Limits". */
class AccessRulesTest {
    private static final String TARGET = "zoe@example.org";

    private final SetClock clock = new SetClock();
    private final LiveLimits limits = new LiveLimits(Limits.DEFAULT);
    private final BlockedPeers blocked = new BlockedPeers(new InMemoryPrekeyStore().blockList(), clock);
    private final AccessRules rules = new AccessRules(
            new DomainPolicy(DomainList.of("example.org"), DomainList.of("example.org", "example.net")),
            blocked,
            limits,
            clock);

    private static Peer peer(String account) {
        return new Peer(account + "/x", account);
    }

    private void limit(RateLimit limit, int burst, int perHour) {
        Map<RateLimit, Rate> rates = new EnumMap<>(limits.current().rates());
        rates.put(limit, new Rate(burst, perHour));
        limits.change(new Limits(rates, Limits.DEFAULT.stock(), true, OptionalInt.empty()));
    }

    private boolean retrieves(String account, String target) {
        Optional<Outcome> refused = rules.refuseRetrieval(peer(account), target);
        refused.ifPresent(outcome -> assertTrue(outcome instanceof Outcome.Later, outcome.toString()));
        return refused.isEmpty();
    }

    @Test
    void anHonestClientNeverMeetsALimit() {
        for (int device = 0; device < 8; device++) {
            assertEquals(Optional.empty(), rules.refuseHandshake(peer("alice@example.org"))); // asks its status
            assertEquals(Optional.empty(), rules.refuseHandshake(peer("alice@example.org"))); // publishes
            for (int contact = 0; contact < 20; contact++) {
                assertTrue(retrieves("alice@example.org", "contact" + contact + "@example.net"));
            }
        }
    }

    @Test
    void domainsThatAreNotConfiguredAreKeptOut() {
        assertEquals(
                Optional.of(new Outcome.Ignored(Refusal.PUBLISHER_NOT_ALLOWED)),
                rules.refuseHandshake(peer("eva@example.net")));
        assertEquals(
                Optional.of(new Outcome.Ignored(Refusal.RETRIEVER_NOT_ALLOWED)),
                rules.refuseRetrieval(peer("eva@evil.net"), TARGET));
    }

    @Test
    void blockedAccountsAndDomainsAreKeptOutUntilTheyAreUnblocked() {
        blocked.block("alice@example.org");
        blocked.block("example.net");
        assertEquals(
                Optional.of(new Outcome.Ignored(Refusal.PUBLISHER_NOT_ALLOWED)),
                rules.refuseHandshake(peer("alice@example.org")));
        assertEquals(Optional.empty(), rules.refuseHandshake(peer("bob@example.org")));
        assertEquals(
                Optional.of(new Outcome.Ignored(Refusal.RETRIEVER_NOT_ALLOWED)),
                rules.refuseRetrieval(peer("bob@example.net"), TARGET));

        blocked.unblock("alice@example.org");
        assertEquals(Optional.empty(), rules.refuseHandshake(peer("alice@example.org")));
    }

    @Test
    void handshakesOfOneAccountAreLimitedAndComeBackWithTime() {
        limit(RateLimit.HANDSHAKES, 3, 60);
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.empty(), rules.refuseHandshake(peer("alice@example.org")));
        }
        assertEquals(
                Optional.of(new Outcome.Later(Duration.ofSeconds(60))),
                rules.refuseHandshake(peer("alice@example.org")));
        assertEquals(Optional.empty(), rules.refuseHandshake(peer("bob@example.org")));
        clock.advance(Duration.ofSeconds(60));
        assertEquals(Optional.empty(), rules.refuseHandshake(peer("alice@example.org")));
    }

    @Test
    void onePairIsLimitedAndUsesUpNothingOfOthersWhenItIs() {
        limit(RateLimit.RETRIEVALS_BY_REQUESTER_AND_TARGET, 2, 1);
        limit(RateLimit.RETRIEVALS_BY_REQUESTER, 3, 1);
        limit(RateLimit.RETRIEVALS_OF_TARGET, 3, 1);
        assertTrue(retrieves("eva@example.net", TARGET));
        assertTrue(retrieves("eva@example.net", TARGET));
        for (int i = 0; i < 1000; i++) {
            assertFalse(retrieves("eva@example.net", TARGET));
        }
        assertTrue(retrieves("eva@example.net", "other@example.org"));
        assertTrue(retrieves("bob@example.net", TARGET));
    }

    @Test
    void oneRequesterIsLimitedOverAllTargets() {
        limit(RateLimit.RETRIEVALS_BY_REQUESTER, 3, 1);
        for (int i = 0; i < 3; i++) {
            assertTrue(retrieves("eva@example.net", "user" + i + "@example.org"));
        }
        assertFalse(retrieves("eva@example.net", "user3@example.org"));
        assertTrue(retrieves("bob@example.net", "user3@example.org"));
    }

    @Test
    void aDomainOfStrangersIsLimitedOverAllItsAccountsAndOneThatPublishesHereIsNot() {
        limit(RateLimit.RETRIEVALS_BY_DOMAIN, 3, 1);
        for (int i = 0; i < 3; i++) {
            assertTrue(retrieves("user" + i + "@example.net", "user" + i + "@example.org"));
        }
        assertFalse(retrieves("user3@example.net", "user3@example.org"));
        for (int i = 0; i < 10; i++) {
            assertTrue(retrieves("user" + i + "@example.org", "user" + i + "@example.org"));
        }
    }

    @Test
    void oneTargetIsLimitedOverAllRequesters() {
        limit(RateLimit.RETRIEVALS_OF_TARGET, 3, 1);
        for (int i = 0; i < 3; i++) {
            assertTrue(retrieves("user" + i + "@example.net", TARGET));
        }
        assertFalse(retrieves("user3@example.net", TARGET));
        assertTrue(retrieves("user3@example.net", "other@example.org"));
    }

    @Test
    void whatIsNobodysNameIsNoTargetThatOthersShare() {
        limit(RateLimit.RETRIEVALS_OF_TARGET, 3, 1);
        for (int i = 0; i < 10; i++) {
            assertTrue(retrieves("user" + i + "@example.net", ""));
        }
    }

    @Test
    void aLimitThatIsChangedHoldsAtOnce() {
        limit(RateLimit.HANDSHAKES, 1, 1);
        assertEquals(Optional.empty(), rules.refuseHandshake(peer("alice@example.org")));
        assertTrue(rules.refuseHandshake(peer("alice@example.org")).isPresent());
        limit(RateLimit.HANDSHAKES, 2, 1);
        assertEquals(Optional.empty(), rules.refuseHandshake(peer("alice@example.org")));
    }

    @Test
    void whoIsOverALimitIsCountedThereAlone() {
        limit(RateLimit.RETRIEVALS_OF_TARGET, 2, 1);
        assertTrue(retrieves("user1@example.net", TARGET));
        assertTrue(retrieves("user2@example.net", TARGET));
        assertEquals(0, limits.hits(RateLimit.RETRIEVALS_OF_TARGET));
        assertFalse(retrieves("user3@example.net", TARGET));
        assertFalse(retrieves("user4@example.net", TARGET));
        for (RateLimit limit : RateLimit.values()) {
            assertEquals(limit == RateLimit.RETRIEVALS_OF_TARGET ? 2 : 0, limits.hits(limit), limit.setting());
        }
    }

    @Test
    void bucketsThatNobodyUsesAreForgottenAndTheirNumberIsBounded() {
        Buckets buckets = new Buckets(() -> new Rate(1, 3600), clock);
        for (int i = 0; i < 10 * Buckets.MOST; i++) {
            buckets.take("user" + i);
        }
        assertTrue(buckets.size() <= Buckets.MOST, buckets.size() + " buckets");
        clock.advance(Duration.ofMinutes(1));
        long left = buckets.size();
        while (left > 0) { // some at a time
            long less = buckets.size();
            assertTrue(less < left, left + " stay");
            left = less;
        }
    }
}
