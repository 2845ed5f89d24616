package prekeeper.service;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.SecretBytes;
import prekeeper.store.InMemoryPrekeyStore;
import prekeeper.store.PrekeyStore;
import prekeeper.store.Quotas;
import prekeeper.wire.Armour;

/** A {@link PrekeyService} with a scripted random source, a clock that is set, and everything in memory. */
final class TestServer {
    static final int MOST_BYTES = 1 << 20;
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ScriptedRandom random = new ScriptedRandom();
    private final PrekeyStore store;
    private final PrekeyService service;
    private Instant now = START;
    private StockLimits limits = new StockLimits(new Quotas(500, 8), 131_072, 10);

    TestServer(String jid, Bytes symmetricKey) {
        this(jid, symmetricKey, new InMemoryPrekeyStore(), everybody());
    }

    TestServer(String jid, Bytes symmetricKey, PrekeyStore store, AccessPolicy policy) {
        this.store = store;
        Ed448KeyPair longTerm = Ed448KeyPair.fromSymmetricKey(SecretBytes.adopt(symmetricKey.toByteArray()));
        service = new PrekeyService(
                new ServerIdentity(jid, longTerm), store, Optional::of, policy, () -> limits, () -> now, random);
    }

    static AccessPolicy everybody() {
        return refusing(peer -> Optional.empty());
    }

    /** A policy that refuses both handshakes and retrievals as {@code refusal} says. */
    static AccessPolicy refusing(Function<Peer, Optional<Outcome>> refusal) {
        return new AccessPolicy() {
            @Override
            public Optional<Outcome> refuseHandshake(Peer publisher) {
                return refusal.apply(publisher);
            }

            @Override
            public Optional<Outcome> refuseRetrieval(Peer retriever, String owner) {
                return refusal.apply(retriever);
            }
        };
    }

    static Peer peer(String account) {
        return new Peer(account + "/resource", account);
    }

    ScriptedRandom random() {
        return random;
    }

    PrekeyStore store() {
        return store;
    }

    Instant now() {
        return now;
    }

    void limit(StockLimits limits) {
        this.limits = limits;
    }

    void advance(Duration duration) {
        now = now.plus(duration);
    }

    Outcome handle(Peer peer, Request request, Bytes message) {
        return service.handle(peer, request, message.toByteArray());
    }

    /** The armoured answer to an armoured message; there must be one. */
    String ask(Peer peer, String message) throws Exception {
        Outcome outcome = handle(peer, Request.ANY, Armour.decode(message, MOST_BYTES));
        if (outcome instanceof Outcome.Reply reply) {
            return Armour.encode(reply.message());
        }
        throw new AssertionError("no reply but " + outcome);
    }
}
