package prekeeper.store;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.store.Publication.ClientProfileEntry;
import prekeeper.store.Publication.PrekeyMessageEntry;
import prekeeper.store.Publication.PrekeyProfileEntry;
import prekeeper.wire.Draft;

/** The promises of {@link PrekeyStore} without a database, for tests of what stands above it. Slow with many devices. */
public final class InMemoryPrekeyStore implements PrekeyStore {
    private final List<Row> rows = new ArrayList<>(); // in the order in which they were made

    @Override
    public synchronized void publish(Publication publication, Instant now) {
        refuseTooLong(publication);
        DeviceId device = publication.device();
        Point key = publication.longTermKey();
        boolean replaces = publication.clientProfile().isPresent();
        rows.removeIf(
                row -> row.device.equals(device) && (row.isExpired(now) || (replaces && !row.longTermKey.equals(key))));
        Row row = find(device, key, now).orElseGet(() -> add(new Row(device, key)));
        row.store(publication, now);
    }

    private static void refuseTooLong(Publication publication) {
        Stream<Bytes> encoded = Stream.of(
                        publication.clientProfile().map(ClientProfileEntry::encoded).stream(),
                        publication.prekeyProfile().map(PrekeyProfileEntry::encoded).stream(),
                        publication.prekeyMessages().stream().map(PrekeyMessageEntry::encoded))
                .flatMap(parts -> parts);
        if (encoded.anyMatch(bytes -> bytes.length() > LONGEST_ENCODING_BYTES)) {
            throw new StorageException(
                    "can not store a publication: longer than " + LONGEST_ENCODING_BYTES + " bytes",
                    new IllegalArgumentException("too long"));
        }
    }

    private Row add(Row row) {
        rows.add(row);
        return row;
    }

    private Optional<Row> find(DeviceId device, Point longTermKey, Instant now) {
        return rows.stream()
                .filter(row -> row.device.equals(device) && row.longTermKey.equals(longTermKey) && !row.isExpired(now))
                .findFirst();
    }

    /** The rows with a Client Profile. */
    private Stream<Row> inUse(Instant now) {
        return rows.stream().filter(row -> row.clientProfile.isPresent() && !row.isExpired(now));
    }

    @Override
    public synchronized int count(DeviceId device, Point longTermKey, Instant now) {
        return find(device, longTermKey, now).map(row -> row.messages.size()).orElse(0);
    }

    @Override
    public synchronized List<Ensemble> takeEnsembles(
            String owner, Draft draft, String versions, int most, Instant now) {
        return inUse(now)
                .filter(row -> row.device.owner().equals(owner)
                        && row.draft == draft
                        && row.speaksOneOf(versions)
                        && row.hasPrekeyProfile(draft, now)
                        && !row.messages.isEmpty())
                .limit(Math.max(0, most))
                .map(Row::take)
                .toList();
    }

    @Override
    public synchronized Optional<Draft> draftOf(DeviceId device, Instant now) {
        return inUse(now)
                .filter(row -> row.device.equals(device))
                .map(row -> row.draft)
                .findFirst();
    }

    @Override
    public synchronized Optional<Draft> latestDraft(String owner, Instant now) {
        return inUse(now)
                .filter(row -> row.device.owner().equals(owner))
                .reduce((one, next) -> Comparator.<Row, Instant>comparing(row -> row.publishedAt)
                                        .compare(one, next)
                                > 0
                        ? one
                        : next)
                .map(row -> row.draft);
    }

    @Override
    public void close() {}

    /** What is stored for a device under one long-term key. */
    private static final class Row {
        private final DeviceId device;
        private final Point longTermKey;
        private final Set<Integer> remembered = new HashSet<>();
        private final Deque<Bytes> messages = new ArrayDeque<>();
        private Instant expires = Instant.MIN;
        private Optional<ClientProfileEntry> clientProfile = Optional.empty();
        private Draft draft = Draft.SPEC;
        private Instant publishedAt = Instant.MIN;
        private Optional<PrekeyProfileEntry> prekeyProfile = Optional.empty();
        private Draft prekeyProfileDraft = Draft.SPEC;

        Row(DeviceId device, Point longTermKey) {
            this.device = device;
            this.longTermKey = longTermKey;
        }

        void store(Publication publication, Instant now) {
            if (publication.clientProfile().isPresent()) {
                clientProfile = publication.clientProfile();
                draft = publication.draft();
                publishedAt = now;
                expires = clientProfile.get().expires();
            } else if (clientProfile.isEmpty()) {
                expires = publication.expires();
            }
            if (publication.prekeyProfile().isPresent()) {
                prekeyProfile = publication.prekeyProfile();
                prekeyProfileDraft = publication.draft();
            }
            for (PrekeyMessageEntry message : publication.prekeyMessages()) {
                if (remembered.add(message.identifier())) {
                    messages.add(message.encoded());
                }
            }
        }

        boolean isExpired(Instant now) {
            return isOver(expires, now);
        }

        boolean hasPrekeyProfile(Draft of, Instant now) {
            return prekeyProfile.isPresent()
                    && prekeyProfileDraft == of
                    && !isOver(prekeyProfile.get().expires(), now);
        }

        boolean speaksOneOf(String asked) {
            String versions = clientProfile.orElseThrow().versions();
            return asked.chars().anyMatch(digit -> digit >= '0' && digit <= '9' && versions.indexOf(digit) >= 0);
        }

        Ensemble take() {
            return new Ensemble(
                    device,
                    clientProfile.orElseThrow().encoded(),
                    prekeyProfile.orElseThrow().encoded(),
                    messages.remove());
        }

        /** Whole seconds, as profiles count them. */
        private static boolean isOver(Instant expires, Instant now) {
            return expires.getEpochSecond() <= now.getEpochSecond();
        }
    }
}
