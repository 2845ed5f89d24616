package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.store.Publication.ClientProfileEntry;
import prekeeper.store.Publication.PrekeyMessageEntry;
import prekeeper.store.Publication.PrekeyProfileEntry;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;

/** Makes publications for tests, a part at a time; every method returns a new value. */
record Publishing(Publication publication) {
    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    static final Instant LATER = NOW.plusSeconds(3600);

    /** More than the tests of anything else need. */
    static final Quotas PLENTY = new Quotas(1_000, 100);

    /** A publication of nothing, SPEC draft, expiring one hour after {@link #NOW}. */
    static Publishing of(DeviceId device, Point longTermKey) {
        return new Publishing(
                new Publication(device, Draft.SPEC, longTermKey, LATER, Optional.empty(), Optional.empty(), List.of()));
    }

    static DeviceId device(String owner, int tag) {
        return new DeviceId(owner, new InstanceTag(tag));
    }

    static Point key(int number) {
        byte[] encoded = new byte[Point.BYTES];
        encoded[0] = (byte) number;
        return new Point(Bytes.of(encoded));
    }

    static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What the prekey message with this identifier says. */
    static Bytes message(int identifier) {
        return bytes("message " + Integer.toUnsignedString(identifier));
    }

    Publishing draft(Draft draft) {
        return new Publishing(new Publication(
                publication.device(),
                draft,
                publication.longTermKey(),
                publication.expires(),
                publication.clientProfile(),
                publication.prekeyProfile(),
                publication.prekeyMessages()));
    }

    Publishing shownProfileExpires(Instant expires) {
        return new Publishing(new Publication(
                publication.device(),
                publication.draft(),
                publication.longTermKey(),
                expires,
                publication.clientProfile(),
                publication.prekeyProfile(),
                publication.prekeyMessages()));
    }

    Publishing clientProfile(String text, Instant expires, String versions) {
        return new Publishing(new Publication(
                publication.device(),
                publication.draft(),
                publication.longTermKey(),
                publication.expires(),
                Optional.of(new ClientProfileEntry(bytes(text), expires, versions)),
                publication.prekeyProfile(),
                publication.prekeyMessages()));
    }

    Publishing prekeyProfile(String text, Instant expires) {
        return new Publishing(new Publication(
                publication.device(),
                publication.draft(),
                publication.longTermKey(),
                publication.expires(),
                publication.clientProfile(),
                Optional.of(new PrekeyProfileEntry(bytes(text), expires)),
                publication.prekeyMessages()));
    }

    Publishing profiles() {
        return clientProfile("client profile", LATER, "4").prekeyProfile("prekey profile", LATER);
    }

    Publishing messages(int... identifiers) {
        Publishing all = this;
        for (int identifier : identifiers) {
            all = all.message(identifier, message(identifier));
        }
        return all;
    }

    Publishing messagesFrom(int first, int count) {
        return messages(IntStream.range(first, first + count).toArray());
    }

    Publishing message(int identifier, Bytes encoded) {
        List<PrekeyMessageEntry> messages = new ArrayList<>(publication.prekeyMessages());
        messages.add(new PrekeyMessageEntry(identifier, encoded));
        return new Publishing(new Publication(
                publication.device(),
                publication.draft(),
                publication.longTermKey(),
                publication.expires(),
                publication.clientProfile(),
                publication.prekeyProfile(),
                messages));
    }

    void in(PrekeyStore store) {
        in(store, NOW);
    }

    void in(PrekeyStore store, Instant now) {
        assertEquals(PublicationResult.STORED, store.publish(publication, PLENTY, now));
    }

    PublicationResult in(PrekeyStore store, Quotas quotas) {
        return store.publish(publication, quotas, NOW);
    }
}
