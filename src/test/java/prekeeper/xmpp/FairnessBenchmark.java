package prekeeper.xmpp;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.xmpp.component.Component;
import org.xmpp.packet.IQ;
import org.xmpp.packet.Packet;
import prekeeper.benchmark.NoStore;
import prekeeper.benchmark.Publisher;
import prekeeper.client.Handshake;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.service.PrekeyService;
import prekeeper.service.ServerIdentity;
import prekeeper.store.InMemoryPrekeyStore;
import prekeeper.wire.Armour;
import prekeeper.wire.ClientMessage;
import prekeeper.wire.Draft;

/**
 * How long others wait while several users publish as much as one may, all at once: stanzas into a whole component, and out of it,
 * without a network or a database. What the clients compute is not counted.
 */
public final class FairnessBenchmark implements AutoCloseable {
    private static final String SERVER = Stanzas.COMPONENT.toString();

    private final Ed448KeyPair longTerm = Ed448KeyPair.generate(new SecureRandom());
    private final Publisher publisher;
    private final Map<String, BlockingQueue<IQ>> answers = new ConcurrentHashMap<>();
    private final Component component;
    private int accounts;

    /** @param prekeyMessages that each publication has */
    public FairnessBenchmark(int prekeyMessages) throws Exception {
        publisher = new Publisher(Draft.DEPLOYED, prekeyMessages, SERVER);
        LiveLimits limits = new LiveLimits(Limits.DEFAULT);
        InstantSource clock = InstantSource.system();
        PrekeyService service = new PrekeyService(
                new ServerIdentity(SERVER, longTerm),
                new NoStore(publisher.stock("nobody@example.org")),
                new TinderAccounts(),
                new AccessRules(
                        new DomainPolicy(DomainList.of("*"), DomainList.of("*")),
                        new BlockedPeers(new InMemoryPrekeyStore().blockList(), clock),
                        limits,
                        clock),
                limits::stock,
                clock,
                new SecureRandom());
        component = PrekeyComponent.create(
                service,
                new ServerDescription(
                        Stanzas.COMPONENT, longTerm.publicKey().point(), "1", ClientMessage.MOST_BYTES, Map.of()),
                limits,
                Administration.NONE,
                clock);
        component.initialize(Stanzas.COMPONENT, new StreamManager(this::sent));
        component.start();
    }

    /** Nanoseconds that each of {@code count} handshakes takes while nobody publishes. */
    public List<Long> alone(int count) throws Exception {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nanos.add(handshake());
        }
        return nanos;
    }

    /** Nanoseconds that each handshake takes which others do while {@code publishers} users publish at once, each his own. */
    public List<Long> whileOthersPublish(int publishers) throws Exception {
        List<Waiting> publications = new ArrayList<>();
        for (int i = 0; i < publishers; i++) {
            publications.add(preparePublication());
        }
        publications.forEach(Waiting::send);
        List<Long> nanos = new ArrayList<>();
        while (publications.stream().anyMatch(Waiting::isUnanswered)) {
            nanos.add(handshake());
        }
        for (Waiting publication : publications) {
            publication.answer();
        }
        return nanos;
    }

    /** One handshake with a status request; what the client computes is left out. */
    private long handshake() throws Exception {
        String account = nextAccount();
        try (Handshake handshake = publisher.begin(account)) {
            Waiting dake1 = new Waiting(account, "dake", handshake.dake1().encode());
            long begin = System.nanoTime();
            dake1.send();
            Bytes dake2 = dake1.answer();
            long dake1Nanos = System.nanoTime() - begin;
            Waiting dake3 = new Waiting(
                    account, "status", publisher.askStatus(handshake, dake2).encode());
            begin = System.nanoTime();
            dake3.send();
            dake3.answer();
            return dake1Nanos + System.nanoTime() - begin;
        }
    }

    private Waiting preparePublication() throws Exception {
        String account = nextAccount();
        try (Handshake handshake = publisher.begin(account)) {
            Waiting dake1 = new Waiting(account, "dake", handshake.dake1().encode());
            dake1.send();
            return new Waiting(
                    account,
                    "publish",
                    publisher.publish(handshake, dake1.answer()).encode());
        }
    }

    private String nextAccount() {
        accounts++;
        return "user" + accounts + "@example.org";
    }

    private void sent(Packet packet) {
        answers.get(packet.getTo().toString()).add((IQ) packet);
    }

    /** A request and where its answer will be. */
    private final class Waiting {
        private final IQ request;
        private final BlockingQueue<IQ> answer = new LinkedBlockingQueue<>();

        Waiting(String account, String element, Bytes message) {
            String child = "<" + element + " xmlns='" + IqBinding.NAMESPACE + "'>" + Armour.encode(message) + "</"
                    + element + ">";
            request = Stanzas.iq(account + "/x", "set", child);
        }

        void send() {
            answers.put(request.getFrom().toString(), answer);
            component.processPacket(request);
        }

        boolean isUnanswered() {
            return answer.isEmpty();
        }

        Bytes answer() throws Exception {
            IQ result = answer.take();
            if (result.getType() != IQ.Type.result) {
                throw new IllegalStateException("no result but " + result.toXML());
            }
            return Armour.decode(result.getChildElement().getText(), ClientMessage.MOST_BYTES);
        }
    }

    @Override
    public void close() {
        component.shutdown();
        publisher.close();
        longTerm.close();
    }
}
