package prekeeper.torture;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import prekeeper.client.Handshake;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.PublisherSession;
import prekeeper.client.ReusedKeys;
import prekeeper.crypto.Bytes;
import prekeeper.protocol.VerificationException;
import prekeeper.torture.LogLine.Event;
import prekeeper.wire.Dake2;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.ServerMessage;

/**
 * Publishes for some devices, one after the other. What has no answer it publishes again, as any client does; and sometimes what
 * it published long ago, which may have been handed out since.
 */
final class Publisher implements AutoCloseable {
    private static final int MOST_MESSAGES = 20;

    private final ComponentRouter router;
    private final List<String> servers;
    private final List<OwnDevice> devices;
    private final ClientLog log;
    private final ReusedKeys keys;
    private final SecureRandom secureRandom;
    private final Random random = new Random();
    private final IntSupplier restores;
    private int restoresSeen;

    /**
     * @param servers any of them is published at
     * @param devices of this publisher alone
     * @param restores how often the database was put back to an older state: then it begins anew, as its user would have to
     */
    Publisher(
            ComponentRouter router,
            List<String> servers,
            List<OwnDevice> devices,
            ClientLog log,
            ReusedKeys keys,
            SecureRandom secureRandom,
            IntSupplier restores) {
        this.router = router;
        this.servers = servers;
        this.devices = devices;
        this.log = log;
        this.keys = keys;
        this.secureRandom = secureRandom;
        this.restores = restores;
    }

    /** A device and what was published of it. Not thread-safe. */
    static final class OwnDevice {
        private final String account;
        private final PrekeyDevice device;
        private final List<List<PrekeyMessage>> earlier = new ArrayList<>();
        private boolean profilesStored;
        private boolean lastInDoubt;

        /** @param account bare JID */
        OwnDevice(String account, PrekeyDevice device) {
            this.account = account;
            this.device = device;
        }

        private void forget() {
            earlier.clear();
            profilesStored = false;
            lastInDoubt = false;
        }
    }

    /** Publishes something, or tries to; says whether that was acknowledged. */
    boolean publish() throws VerificationException, MalformedMessageException {
        OwnDevice own = devices.get(random.nextInt(devices.size()));
        String server = servers.get(random.nextInt(servers.size()));
        if (!router.isConnected(server)) {
            return false;
        }
        try (Handshake handshake = Handshake.begin(own.device, own.account, server, secureRandom)) {
            Reply reply = request(own, server, "dake", handshake.dake1().encode());
            if (reply instanceof Reply.Result result && decode(own, result) instanceof Dake2 dake2) {
                forgetWhatARestoreHasUndone();
                try (PublisherSession session = handshake.accept(dake2)) {
                    return publish(own, server, session, messages(own)) == Event.STORED;
                }
            }
            return false;
        }
    }

    /** Now that the server has answered: no other life of it knows this handshake. */
    private void forgetWhatARestoreHasUndone() {
        int seen = restores.getAsInt();
        if (seen != restoresSeen) {
            restoresSeen = seen;
            devices.forEach(OwnDevice::forget);
        }
    }

    private Event publish(OwnDevice own, String server, PublisherSession session, List<PrekeyMessage> messages)
            throws VerificationException, MalformedMessageException {
        Bytes dake3 = (own.profilesStored && random.nextBoolean()
                        ? session.publishMore(messages)
                        : session.publish(messages))
                .encode();
        log.begin(
                Event.PUBLISH,
                messages.stream()
                        .map(message -> Prekey.of(own.account, message).written())
                        .toList());
        Event outcome = outcome(own, session, request(own, server, "publish", dake3));
        log.end(outcome, List.of());
        own.profilesStored |= outcome == Event.STORED;
        own.lastInDoubt = outcome == Event.UNKNOWN;
        return outcome;
    }

    private List<PrekeyMessage> messages(OwnDevice own) {
        if (own.lastInDoubt) {
            return own.earlier.get(own.earlier.size() - 1);
        }
        if (!own.earlier.isEmpty() && random.nextInt(5) == 0) {
            return own.earlier.get(random.nextInt(own.earlier.size()));
        }
        List<PrekeyMessage> made = keys.newPrekeyMessages(own.device, 1 + random.nextInt(MOST_MESSAGES));
        own.earlier.add(made);
        return made;
    }

    private static Event outcome(OwnDevice own, PublisherSession session, Reply reply)
            throws VerificationException, MalformedMessageException {
        if (!(reply instanceof Reply.Result result)) {
            return Event.UNKNOWN;
        }
        return session.read(decode(own, result)) instanceof PublisherSession.Answer.Stored
                ? Event.STORED
                : Event.REFUSED;
    }

    private static ServerMessage decode(OwnDevice own, Reply.Result result) throws MalformedMessageException {
        return ServerMessage.decode(result.message(), own.device.draft());
    }

    private Reply request(OwnDevice own, String server, String element, Bytes message) {
        return router.request(own.account + "/" + own.device.tag(), server, element, message);
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
