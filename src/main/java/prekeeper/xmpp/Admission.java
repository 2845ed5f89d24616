package prekeeper.xmpp;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.dom4j.Element;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.component.Component;
import org.xmpp.component.ComponentException;
import org.xmpp.component.ComponentManager;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;
import prekeeper.wire.ClientMessage;

/**
 * The door in front of a tinder component. What tinder would choke on or log in full (a full queue, an IQ without an id
 * or with an unheard-of type, an IQ error) is turned away here, so tinder's queue never overflows and a stanza never
 * reaches a log. Everything let in is a well-formed message or IQ request addressed to the component itself.
 */
final class Admission implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    /** When a refused request is worth another try. */
    static final Duration RETRY = Duration.ofSeconds(5);

    /** How long a stop waits for work that was let in. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Elements inside elements: dom4j copies a stanza recursively, and honest stanzas have a few levels. */
    static final int MOST_DEPTH = 32;

    /**
     * Nodes and attributes: each takes a hundred bytes while its stanza waits, up to thirty times of what it takes on the
     * wire, and honest stanzas have a few.
     */
    static final int MOST_PARTS = 1000;

    /**
     * How many refusals an account gets. Who goes on all the same gets no more: the XMPP server would be busy with them, and
     * answers to others wait behind them.
     */
    static final Rate REFUSALS = new Rate(2_000, 360_000);

    /** Refusals that wait to be sent; more are dropped. */
    private static final int MOST_WAITING = 500;

    private static final Duration LAST_REFUSALS = Duration.ofSeconds(1);

    private static final Set<String> REQUEST_TYPES = Set.of("get", "set");

    private final Component component;
    private final JID own;
    private final WorkInFlight inFlight;
    private final Buckets requests;
    private final Buckets refusals;
    /**
     * Sends refusals. Who reads must never write: an XMPP server that does not read while it writes, as ejabberd does not, and
     * we would wait for each other.
     */
    private final ThreadPoolExecutor refusing = new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            work -> {
                Thread thread = new Thread(work, "component-refusals");
                thread.setDaemon(true);
                return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());

    private ComponentManager server;
    private boolean open;

    /**
     * Lets stanzas in to {@code component}, which tells {@code inFlight} of each when it is done.
     *
     * @param requests how many stanzas of an account are let in
     * @param refusals how many refusals an account gets, such as {@link #REFUSALS}
     */
    Admission(Component component, JID own, WorkInFlight inFlight, Buckets requests, Buckets refusals) {
        this.requests = requests;
        this.refusals = refusals;
        refusing.allowCoreThreadTimeOut(true);
        this.component = component;
        this.own = own;
        this.inFlight = inFlight;
    }

    @Override
    public void processPacket(Packet packet) {
        JID from = packet.getFrom();
        JID to = packet.getTo();
        // an answer to ourselves would come back, and a stanza for another domain has no answer that we may send
        if (from == null || to == null || isOurs(from) || !isOurs(to)) {
            return;
        }
        if (packet instanceof IQ iq) {
            processRequest(iq);
        } else if (packet instanceof Message message
                && to.equals(own)
                && !StanzaBound.isTooLarge(message.getElement())
                && !isTooComplex(message)) {
            letIn(message);
        }
    }

    private void processRequest(IQ iq) {
        Element stanza = iq.getElement();
        // we ask nothing, so results and errors answer nothing
        if (iq.getID() == null || !REQUEST_TYPES.contains(stanza.attributeValue("type", ""))) {
            return;
        }
        if (!own.equals(iq.getTo())) {
            refuse(iq, StanzaErrors::unknown);
        } else if (StanzaBound.isTooLarge(stanza)) {
            refuse(iq, request -> StanzaErrors.tooLarge(request, ClientMessage.MOST_BYTES));
        } else if (stanza.elements().size() != 1 || iq.getChildElement() == null || isTooComplex(iq)) {
            refuse(iq, StanzaErrors::badRequest);
        } else {
            letIn(iq).ifPresent(wait -> refuse(iq, request -> StanzaErrors.tryLater(request, wait)));
        }
    }

    /**
     * Empty when it was let in, else when it is worth another try. Synchronised with {@link #shutdown}: tinder's pool, once shut
     * down, logs what it refuses.
     */
    private synchronized Optional<Duration> letIn(Packet packet) {
        String account = packet.getFrom().toBareJID();
        Optional<Duration> wait = requests.take(account);
        if (wait.isPresent()) {
            return wait;
        }
        boolean begun = open && inFlight.begin(account, Turns.isLong(packet), () -> component.processPacket(packet));
        return begun ? Optional.empty() : Optional.of(RETRY);
    }

    private boolean isOurs(JID jid) {
        return jid.getDomain().equals(own.getDomain());
    }

    private static boolean isTooComplex(Packet packet) {
        if (StanzaBound.isTooComplex(packet.getElement())) {
            return true;
        }
        int parts = 0;
        List<Element> level = List.of(packet.getElement());
        for (int depth = 0; !level.isEmpty(); depth++) {
            for (Element element : level) {
                parts += element.nodeCount() + element.attributeCount();
            }
            if (depth > MOST_DEPTH || parts > MOST_PARTS) {
                return true;
            }
            level = level.stream()
                    .flatMap(element -> element.elements().stream())
                    .toList();
        }
        return false;
    }

    private void refuse(IQ request, UnaryOperator<IQ> refusal) {
        if (refusals.take(request.getFrom().toBareJID()).isPresent()) {
            return;
        }
        IQ answer = refusal.apply(request); // what waits must not keep the request, which may be large
        if (isOpen()) {
            refusing.execute(() -> send(answer));
        } else {
            send(answer); // or it could come after the end of the stream
        }
    }

    private synchronized boolean isOpen() {
        return open;
    }

    /** Waits until what was refused before is sent. */
    private void awaitRefusals() {
        try {
            CompletableFuture.runAsync(() -> {}, refusing).get(LAST_REFUSALS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("stopping with refusals unsent");
        }
    }

    private void send(Packet packet) {
        try {
            server.sendPacket(component, packet);
        } catch (ComponentException e) {
            LOG.debug("an answer could not be sent", e);
        }
    }

    @Override
    public void initialize(JID jid, ComponentManager componentManager) throws ComponentException {
        server = componentManager;
        component.initialize(jid, componentManager);
    }

    @Override
    public synchronized void start() {
        component.start();
        open = true;
    }

    /**
     * Lets nothing in any more, waits up to {@link #PATIENCE} for what is in flight, then stops the component. Again, as by an XMPP
     * server that has just been told to forget the component, does nothing.
     */
    @Override
    public void shutdown() {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
        }
        if (!inFlight.awaitNone(PATIENCE)) {
            LOG.warn("stopping with requests unanswered after {} s", PATIENCE.toSeconds());
            inFlight.abandon();
        }
        awaitRefusals();
        component.shutdown();
    }

    @Override
    public String getName() {
        return component.getName();
    }

    @Override
    public String getDescription() {
        return component.getDescription();
    }
}
