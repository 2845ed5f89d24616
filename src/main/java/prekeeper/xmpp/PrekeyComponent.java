package prekeeper.xmpp;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.dom4j.QName;
import org.xmpp.component.AbstractComponent;
import org.xmpp.component.Component;
import org.xmpp.packet.IQ;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;
import prekeeper.service.MessageHandler;

/**
 * The prekey server as an XMPP component: gives each stanza to the class of its feature. It runs on a connection of its
 * own ({@link ComponentConnection}) or inside an XMPP server.
 */
public final class PrekeyComponent extends AbstractComponent {

    /** Requests that wait or run at once. Each may be as large as the XMPP server lets a stanza be. */
    private static final int MOST_IN_FLIGHT = 128;

    /** Of those, what one account may have: enough for three devices that retrieve for twenty contacts at once. */
    private static final int MOST_IN_FLIGHT_OF_ACCOUNT = 64;

    /** Publications may keep every processor busy; what is short has one more thread, which the system gives its share at once. */
    private static final int THREADS = Runtime.getRuntime().availableProcessors() + 1;

    private final WorkInFlight inFlight;
    private final MessageBinding messages;
    private final Map<Asked, UnaryOperator<IQ>> answers = new HashMap<>();

    /** What kind of IQ request a feature answers. */
    private record Asked(IQ.Type type, QName child) {}

    /** Tells {@code inFlight} of the end of every stanza, so it must get none that {@link Admission} did not let in. */
    PrekeyComponent(
            MessageHandler handler,
            ServerDescription server,
            LiveLimits limits,
            Administration administration,
            InstantSource clock,
            WorkInFlight inFlight) {
        super(inFlight.threads(), inFlight.most(), true);
        this.inFlight = inFlight;
        LowStockNotices notices = new LowStockNotices(handler, server.jid(), limits, clock, this::send);
        AdHocCommands commands = new AdHocCommands(
                administration.administrators(), administration.commands().apply(notices), clock);
        Unpacker unpacker = new Unpacker(server.mostMessageBytes(), new Reassembly(clock));
        messages = new MessageBinding(notices, unpacker, server.jid(), limits);

        Discovery discovery = new Discovery(server, limits, commands);
        SoftwareVersion version = new SoftwareVersion(server.softwareVersion());
        get("query", NAMESPACE_DISCO_INFO, discovery::info);
        get("query", NAMESPACE_DISCO_ITEMS, discovery::items);
        get("query", SoftwareVersion.NAMESPACE, version::answer);
        get("query", NAMESPACE_LAST_ACTIVITY, super::handleLastActivity);
        get("time", NAMESPACE_ENTITY_TIME, new EntityTime(clock)::answer);
        get("ping", NAMESPACE_XMPP_PING, super::handlePing);
        set("command", AdHocCommands.NAMESPACE, commands::answer);
        IqBinding binding = new IqBinding(notices, unpacker, new RepeatedQueries(clock));
        IqBinding.REQUESTS.keySet().forEach(name -> set(name, IqBinding.NAMESPACE, binding::answer));
    }

    /**
     * The component behind a door that bounds its work: what is too much is refused at once, never queued or logged.
     * {@link Component#shutdown} waits up to 5 seconds for what is in flight.
     *
     * @param handler answers the messages, on several threads
     */
    public static Component create(
            MessageHandler handler,
            ServerDescription server,
            LiveLimits limits,
            Administration administration,
            InstantSource clock) {
        return create(handler, server, limits, administration, clock, room());
    }

    /**
     * The same, which takes {@code inFlight} over; others may look at it.
     *
     * @param inFlight of {@link #room()}
     */
    public static Component create(
            MessageHandler handler,
            ServerDescription server,
            LiveLimits limits,
            Administration administration,
            InstantSource clock,
            WorkInFlight inFlight) {
        return new Admission(
                new PrekeyComponent(handler, server, limits, administration, clock, inFlight),
                server.jid(),
                inFlight,
                Buckets.of(RateLimit.REQUESTS, limits, clock),
                new Buckets(() -> Admission.REFUSALS, clock));
    }

    /** Room for what one component may have in flight. */
    public static WorkInFlight room() {
        return new WorkInFlight(MOST_IN_FLIGHT, MOST_IN_FLIGHT_OF_ACCOUNT, THREADS);
    }

    private void set(String name, String namespace, UnaryOperator<IQ> answer) {
        answers.put(new Asked(IQ.Type.set, QName.get(name, namespace)), answer);
    }

    private void get(String name, String namespace, UnaryOperator<IQ> answer) {
        answers.put(new Asked(IQ.Type.get, QName.get(name, namespace)), answer);
    }

    private IQ answer(IQ request) {
        boolean isLong = Turns.isLong(request); // before anybody could take it apart
        try {
            Asked asked = new Asked(request.getType(), request.getChildElement().getQName());
            return answers.getOrDefault(asked, StanzaErrors::unknown).apply(request);
        } catch (RuntimeException | StackOverflowError defect) {
            report(defect);
            return StanzaErrors.internal(request);
        } finally {
            end(request, isLong);
        }
    }

    @Override
    protected void handleMessage(Message message) {
        boolean isLong = Turns.isLong(message);
        try {
            messages.answer(message).forEach(this::send);
        } catch (RuntimeException | StackOverflowError defect) {
            report(defect);
        } finally {
            end(message, isLong);
        }
    }

    private void end(Packet stanza, boolean isLong) {
        inFlight.end(stanza.getFrom().toBareJID(), isLong);
    }

    private void report(Throwable defect) {
        log.error("a request failed; this is a defect of the server, please report it:", new Unquoted(defect));
    }

    // tinder sorts requests by namespace before it looks at anything else; here they meet again

    @Override
    protected IQ handleDiscoInfo(IQ request) {
        return answer(request);
    }

    @Override
    protected IQ handleDiscoItems(IQ request) {
        return answer(request);
    }

    @Override
    protected IQ handlePing(IQ request) {
        return answer(request);
    }

    @Override
    protected IQ handleLastActivity(IQ request) {
        return answer(request);
    }

    @Override
    protected IQ handleEntityTime(IQ request) {
        return answer(request);
    }

    @Override
    protected IQ handleIQGet(IQ request) {
        return answer(request);
    }

    @Override
    protected IQ handleIQSet(IQ request) {
        return answer(request);
    }

    @Override
    public String getName() {
        return ServerDescription.NAME;
    }

    @Override
    public String getDescription() {
        return "Keeps OTRv4 prekeys for people who are offline";
    }
}
