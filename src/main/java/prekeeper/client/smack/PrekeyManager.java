package prekeeper.client.smack;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jivesoftware.smack.Manager;
import org.jivesoftware.smack.SmackException.NoResponseException;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.filter.AndFilter;
import org.jivesoftware.smack.filter.MessageTypeFilter;
import org.jivesoftware.smack.filter.StanzaExtensionFilter;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jivesoftware.smackx.commands.AdHocCommandManager;
import org.jivesoftware.smackx.commands.RemoteCommand;
import org.jivesoftware.smackx.disco.ServiceDiscoveryManager;
import org.jivesoftware.smackx.disco.packet.DiscoverItems;
import org.jivesoftware.smackx.xdata.FormField;
import org.jivesoftware.smackx.xdata.FormFieldWithOptions;
import org.jivesoftware.smackx.xdata.form.FillableForm;
import org.jivesoftware.smackx.xdata.packet.DataForm;
import org.jxmpp.jid.BareJid;
import org.jxmpp.jid.DomainBareJid;
import org.jxmpp.jid.Jid;
import prekeeper.client.DeviceSecrets;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.Retrieval;
import prekeeper.client.VerifiedEnsemble;
import prekeeper.client.smack.PrekeyException.Reason;
import prekeeper.client.smack.element.LowStock;
import prekeeper.client.smack.element.PrekeyIq;
import prekeeper.client.smack.provider.LowStockProvider;
import prekeeper.client.smack.provider.PrekeyIqProvider;
import prekeeper.crypto.Bytes;
import prekeeper.protocol.VerificationException;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.MalformedMessageException;

/**
 * What a client does with OTRv4 prekey servers: find them, publish devices, keep their stock up, retrieve the ensembles of
 * contacts, have devices forgotten (docs/protocol.md, "Use cases" and "Business rules").
 *
 * <p>Methods that ask somebody wait for the answer, a minute and more: not for the threads of Smack's listeners. Thread-safe.
 */
public final class PrekeyManager extends Manager {
    private static final Map<XMPPConnection, PrekeyManager> INSTANCES = new WeakHashMap<>();
    private static final String FORGET_DEVICE = "prekeeper:user#forget-device";
    private static final String DEVICES = "devices";
    /** Of a domain that lists more, the rest is not asked: a contact's domain is not to keep us busy. */
    private static final int MOST_ITEMS = 50;
    /** Repetitions of a query that nobody answers. */
    private static final int REPETITIONS = 2;

    private static final int QUERY_ID_BYTES = 8;

    static {
        register();
    }

    private final Lock oneAtATime = new ReentrantLock();
    private final Set<LowStockListener> lowStockListeners = new CopyOnWriteArraySet<>();
    private final SecureRandom random = new SecureRandom();
    private final Clock clock = Clock.systemUTC();

    private PrekeyManager(XMPPConnection connection) {
        super(connection);
        connection.addAsyncStanzaListener(
                this::onLowStock,
                new AndFilter(
                        MessageTypeFilter.HEADLINE, new StanzaExtensionFilter(LowStock.ELEMENT, LowStock.NAMESPACE)));
    }

    /** The one manager of {@code connection}. */
    public static PrekeyManager getInstanceFor(XMPPConnection connection) {
        synchronized (INSTANCES) {
            return INSTANCES.computeIfAbsent(connection, PrekeyManager::new);
        }
    }

    /** Lets Smack parse the elements of this package, for the whole JVM. Done with the first manager, if not before. */
    public static void register() {
        for (PrekeyIq.Request request : PrekeyIq.Request.values()) {
            ProviderManager.addIQProvider(request.element(), PrekeyIq.NAMESPACE, new PrekeyIqProvider(request));
        }
        ProviderManager.addExtensionProvider(LowStock.ELEMENT, LowStock.NAMESPACE, new LowStockProvider());
    }

    /** The prekey server of one's own domain, to publish at; {@link #findServer(DomainBareJid)}. */
    public Optional<PrekeyServer> findServer()
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException {
        return findServer(connection().getXMPPServiceDomain());
    }

    /**
     * The prekey server of {@code domain}, such as a contact's: the first of its items whose first identity is
     * {@code auth/otr-prekey} and that announces the protocol's feature; failing that, the first of that identity. Of a domain
     * that lists many items, the first fifty are asked.
     *
     * @return empty when none is listed; one that is not connected is not found either
     * @throws NoResponseException when the domain was silent, or all that it lists of prekey servers may be among items that were
     * @throws XMPPErrorException when the domain lists nothing and says why
     */
    public Optional<PrekeyServer> findServer(DomainBareJid domain)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException {
        ServiceDiscoveryManager discovery = ServiceDiscoveryManager.getInstanceFor(connection());
        Optional<PrekeyServer> found = Optional.empty();
        NoResponseException silence = null;
        List<Jid> items = discovery.discoverItems(domain).getItems().stream()
                .map(DiscoverItems.Item::getEntityID)
                .distinct()
                .limit(MOST_ITEMS)
                .toList();
        for (Jid item : items) {
            try {
                var info = discovery.discoverInfo(item);
                Optional<PrekeyServer> server = PrekeyServer.read(item, info);
                if (server.isPresent() && info.containsFeature(PrekeyServer.FEATURE)) {
                    return server;
                }
                found = found.or(() -> server);
            } catch (XMPPErrorException notThere) {
                // an item whose server is down, or that strangers may not ask: not the one
            } catch (NoResponseException e) {
                silence = e;
            }
        }
        if (found.isEmpty() && silence != null) {
            throw silence;
        }
        return found;
    }

    /**
     * The prekey server at {@code server}, as it tells of itself.
     *
     * @return empty when that is something else
     * @throws XMPPErrorException when nothing is there, or says nothing of itself
     */
    public Optional<PrekeyServer> askServer(Jid server)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException {
        return PrekeyServer.read(
                server, ServiceDiscoveryManager.getInstanceFor(connection()).discoverInfo(server));
    }

    /**
     * A publisher of {@code device} at {@code server}. Asks nobody yet.
     *
     * @param secrets keeps what is published before it is
     * @param trust is asked for the server's key in every handshake
     */
    public PrekeyPublisher publisher(
            PrekeyServer server, PrekeyDevice device, DeviceSecrets secrets, ServerTrust trust) {
        return new PrekeyPublisher(connection(), server, device, secrets, trust, oneAtATime, random);
    }

    /**
     * Retrieves the ensembles of {@code contact}, each of which passed all the checks of OTRv4, "Validating Prekey Ensembles";
     * those that did not are left out. Takes one prekey message of every device of the contact: ask when somebody is to be
     * written to, not before. Over the IQ binding a question without an answer is repeated, which takes no more.
     *
     * @param server that of the contact's domain
     * @param asking the device that asks; if it is published at {@code server}, the answer comes in its draft
     * @return one of each device; empty when there is none to be had, or no such account
     * @throws NoResponseException when there was no answer in time; over the message binding that is what a refusal looks like
     * @throws XMPPErrorException when server or prekey server refused with a stanza error
     * @throws PrekeyException when the answer is malformed, about somebody else, or without one valid ensemble
     */
    public List<VerifiedEnsemble> retrieve(PrekeyServer server, BareJid contact, InstanceTag asking)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        Retrieval retrieval = Retrieval.of(asking, contact.toString());
        oneAtATime.lockInterruptibly();
        try {
            return retrieval.read(query(server, retrieval.query().encode()), clock.instant());
        } catch (MalformedMessageException | VerificationException e) {
            throw new PrekeyException(Reason.INVALID, "invalid answer to a query: " + e.getMessage(), e);
        } finally {
            oneAtATime.unlock();
        }
    }

    private Bytes query(PrekeyServer server, Bytes query)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        byte[] id = new byte[QUERY_ID_BYTES];
        random.nextBytes(id);
        Exchange exchange = new Exchange(connection(), server);
        for (int repeated = 0; ; repeated++) {
            try {
                return exchange.query(HexFormat.of().formatHex(id), query);
            } catch (NoResponseException e) {
                // over the message binding it would be another query, that costs the contact another prekey message
                if (repeated == REPETITIONS || server.binding() != PrekeyBinding.IQ) {
                    throw e;
                }
            }
        }
    }

    /**
     * Has {@code server} forget the profiles and prekey messages of {@code device}, by its command for users.
     *
     * @return false when it had none of that device
     * @throws XMPPErrorException when it has no such command, or refuses
     * @throws PrekeyException when its form is not that of the command
     */
    public boolean forget(PrekeyServer server, InstanceTag device)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        RemoteCommand command = AdHocCommandManager.getAddHocCommandsManager(connection())
                .getRemoteCommand(server.jid(), FORGET_DEVICE);
        command.execute();
        if (command.isCompleted()) {
            return false; // nothing to choose from
        }
        DataForm form = command.getForm();
        FormField devices = form == null ? null : form.getField(DEVICES);
        if (!(devices instanceof FormFieldWithOptions choice)) {
            throw new PrekeyException(Reason.INVALID, "the command to forget a device has another form");
        }
        String tag = device.toString();
        if (choice.getOptions().stream()
                .noneMatch(option -> option.getValueString().equals(tag))) {
            command.cancel();
            return false;
        }
        FillableForm filled = new FillableForm(form);
        filled.setAnswer(DEVICES, List.of(tag));
        command.complete(filled);
        return true;
    }

    /** Tells {@code listener} of low stock from now on; a second time changes nothing. */
    public void addLowStockListener(LowStockListener listener) {
        lowStockListeners.add(listener);
    }

    /** Tells {@code listener} nothing more; one that is told nothing is no matter. */
    public void removeLowStockListener(LowStockListener listener) {
        lowStockListeners.remove(listener);
    }

    private void onLowStock(Stanza headline) {
        LowStock low = headline.getExtension(LowStock.class);
        if (low != null && headline.getFrom() != null) {
            lowStockListeners.forEach(listener -> listener.lowStock(headline.getFrom(), low));
        }
    }

    /**
     * Keeps the stock of a device up from now on: {@link StockKeeper}.
     *
     * @param mostJitter a random time up to this passes before a question, so that many clients do not ask at once
     */
    public StockKeeper keepStock(PrekeyPublisher publisher, Duration mostJitter) {
        return StockKeeper.start(this, connection(), publisher, mostJitter, random);
    }
}
