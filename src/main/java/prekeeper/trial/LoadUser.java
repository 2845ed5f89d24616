package prekeeper.trial;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jivesoftware.smack.SmackException.NoResponseException;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.ReusedKeys;
import prekeeper.client.VerifiedEnsemble;
import prekeeper.client.smack.PrekeyException;
import prekeeper.client.smack.PrekeyManager;
import prekeeper.client.smack.PrekeyPublisher;
import prekeeper.client.smack.PrekeyServer;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;

/**
 * A simulated user: an account that is logged in, with one device that is thrown away in the end. One request at a time; what
 * others may call meanwhile is thread-safe.
 */
final class LoadUser implements AutoCloseable {
    /** Of the profiles: should the device not be forgotten, the server does that by itself then. */
    private static final Duration LIFE = Duration.ofDays(1);
    /** Where a server says nothing, as Prekeeper's default. */
    private static final int USUAL_MOST_PREKEY_MESSAGES = 500;

    private final Login login;
    private final PrekeyManager manager;
    private final PrekeyServer server;
    private final int messages;
    private final ReusedKeys keys;
    private final SecureRandom random;
    private final Clock clock;
    /** Devices that the server may have. */
    private final Set<InstanceTag> published = new LinkedHashSet<>();

    private PrekeyDevice device;
    private PrekeyPublisher publisher;
    private int devices;
    /** What the server has of the device, as far as this program knows; never less. */
    private int stock;

    /**
     * Asks nobody yet.
     *
     * @param messages in a publication
     * @param keys of them
     */
    LoadUser(Login login, PrekeyServer server, int messages, ReusedKeys keys, SecureRandom random, Clock clock) {
        this.login = login;
        this.manager = PrekeyManager.getInstanceFor(login.connection());
        this.server = server;
        this.messages = messages;
        this.keys = keys;
        this.random = random;
        this.clock = clock;
    }

    /** How many prekey messages {@code server} keeps of a device. */
    static int most(PrekeyServer server) {
        return server.mostPrekeyMessages().orElse(USUAL_MOST_PREKEY_MESSAGES);
    }

    PrekeyServer server() {
        return server;
    }

    boolean isConnected() {
        return login.connection().isAuthenticated();
    }

    /** Publishes a new device with {@code prekeyMessages}. */
    void publishDevice(int prekeyMessages)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        PrekeyDevice fresh = PrekeyDevice.generate(
                Draft.DEPLOYED, InstanceTag.random(random), clock.instant().plus(LIFE), random);
        adopt(fresh);
        var unused = keys.newPrekeyMessages(fresh, prekeyMessages);
        publisher.publish(prekeyMessages);
        synchronized (this) {
            stock = prekeyMessages;
        }
    }

    private synchronized void adopt(PrekeyDevice fresh) {
        device = fresh;
        publisher = manager.publisher(server, fresh, (tag, secrets) -> {}, key -> true);
        published.add(fresh.tag());
        devices++;
        stock = 0;
    }

    /** Does a request; {@code other} is whose ensembles are retrieved. */
    Outcome request(LoadKind kind, Optional<LoadUser> other) throws InterruptedException {
        try {
            boolean empty = false;
            switch (kind) {
                case HANDSHAKES -> {
                    var unused = publisher.status();
                }
                case PUBLICATIONS -> publish();
                case RETRIEVALS -> empty = retrieve(other.orElseThrow()).isEmpty();
            }
            return new Outcome.Answered(empty);
        } catch (XMPPErrorException
                | NoResponseException
                | NotConnectedException
                | PrekeyException
                | RuntimeException e) {
            return Outcome.of(e);
        }
    }

    private void publish()
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        synchronized (this) {
            stock += messages;
        }
        var unused = keys.newPrekeyMessages(device, messages);
        publisher.publishMore(messages);
    }

    private List<VerifiedEnsemble> retrieve(LoadUser other)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        List<VerifiedEnsemble> ensembles =
                manager.retrieve(other.server, other.login.jid().asBareJid(), device.tag());
        other.handedOut(ensembles);
        return ensembles;
    }

    private synchronized void handedOut(List<VerifiedEnsemble> ensembles) {
        boolean ofDevice = ensembles.stream()
                .anyMatch(ensemble -> ensemble.prekeyMessage().owner().equals(device.tag()));
        stock = ofDevice ? Math.max(0, stock - 1) : stock;
    }

    /** Whether there may be something to retrieve. */
    synchronized boolean hasStock() {
        return stock > 0;
    }

    /** Whether the server may not take another publication. */
    synchronized boolean isFull() {
        return stock + messages > most(server);
    }

    /** Has the server forget a full device, and publishes another one without prekey messages. */
    void replaceDevice()
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        forget(device.tag());
        publishDevice(0);
    }

    /** Has the server forget all of this user. */
    void forgetAll()
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        for (InstanceTag tag : published()) {
            forget(tag);
        }
    }

    private void forget(InstanceTag tag)
            throws NotConnectedException, InterruptedException, NoResponseException, XMPPErrorException,
                    PrekeyException {
        var unused = manager.forget(server, tag); // false: it has none, which is what we want
        synchronized (this) {
            published.remove(tag);
        }
    }

    private synchronized List<InstanceTag> published() {
        return List.copyOf(published);
    }

    /** How many devices there were, one after the other. */
    synchronized int devices() {
        return devices;
    }

    /** How many of them the server may still have. */
    synchronized int left() {
        return published.size();
    }

    /** Logs out. Devices are not wiped: others have the same keys, and nobody was ever written to by them. */
    @Override
    public void close() {
        login.close();
    }
}
