package prekeeper.benchmark;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import prekeeper.client.Handshake;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.PublisherSession;
import prekeeper.crypto.Bytes;
import prekeeper.protocol.VerificationException;
import prekeeper.store.DeviceId;
import prekeeper.store.Publication;
import prekeeper.wire.Dake2;
import prekeeper.wire.Dake3;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.ServerMessage;

/**
 * A device with prekey messages, made once since they cost a client more than a server, which any number of accounts publish as
 * theirs: to a server they are all different. Not thread-safe.
 */
public final class Publisher implements AutoCloseable {
    private final SecureRandom random = new SecureRandom();
    private final PrekeyDevice device;
    private final List<PrekeyMessage> messages;
    private final String server;

    /** @param server the JID of the prekey server that is published to */
    public Publisher(Draft draft, int messages, String server) {
        device = PrekeyDevice.generate(
                draft, new InstanceTag(InstanceTag.LEAST), Instant.now().plus(Duration.ofDays(7)), random);
        this.messages = device.newPrekeyMessages(messages, random);
        this.server = server;
    }

    /** Begins a handshake as a device of {@code account}. */
    public Handshake begin(String account) {
        return Handshake.begin(device, account, server, random);
    }

    /** The DAKE-3 that publishes all messages with both profiles, once {@code answer} came to {@code handshake}. */
    public Dake3 publish(Handshake handshake, Bytes answer) throws VerificationException, MalformedMessageException {
        try (PublisherSession session = accept(handshake, answer)) {
            return session.publish(messages);
        }
    }

    /** The DAKE-3 that asks for the status, once {@code answer} came to {@code handshake}. */
    public Dake3 askStatus(Handshake handshake, Bytes answer) throws VerificationException, MalformedMessageException {
        try (PublisherSession session = accept(handshake, answer)) {
            return session.askStatus();
        }
    }

    private PublisherSession accept(Handshake handshake, Bytes answer)
            throws VerificationException, MalformedMessageException {
        return handshake.accept((Dake2) ServerMessage.decode(answer, device.draft()));
    }

    /** What a store is given when {@code account} publishes. */
    public Publication stock(String account) {
        var client = device.clientProfile();
        var prekey = device.prekeyProfile();
        return new Publication(
                new DeviceId(account, device.tag()),
                device.draft(),
                client.longTermKey(),
                client.expires(),
                Optional.of(new Publication.ClientProfileEntry(client.encoded(), client.expires(), client.versions())),
                Optional.of(new Publication.PrekeyProfileEntry(prekey.encoded(), prekey.expires())),
                messages.stream()
                        .map(message -> new Publication.PrekeyMessageEntry(message.identifier(), message.encoded()))
                        .toList());
    }

    @Override
    public void close() {
        device.close();
    }
}
