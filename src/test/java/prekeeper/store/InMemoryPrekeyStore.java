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
import java.util.stream.Collectors;
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
    public synchronized PublicationResult publish(Publication publication, Quotas quotas, Instant now) {
        refuseTooLong(publication);
        DeviceId device = publication.device();
        Point key = publication.longTermKey();
        Optional<Row> own = find(device, key, now);
        List<Row> unexpired = rows.stream()
                .filter(row -> row.device.owner().equals(device.owner()) && !row.isExpired(now))
                .toList();
        boolean replaces = publication.clientProfile().isPresent();
        List<Row> replaced = unexpired.stream()
                .filter(row -> replaces && row.device.equals(device) && !row.longTermKey.equals(key))
                .toList();
        Set<DeviceId> devices = unexpired.stream().map(row -> row.device).collect(Collectors.toSet());
        boolean tooManyDevices = !devices.contains(device) && devices.size() >= quotas.devices();
        boolean tooManyKeys = replaced.isEmpty() && unexpired.size() >= 2 * quotas.devices();
        if (own.isEmpty() && (tooManyDevices || tooManyKeys)) {
            return PublicationResult.TOO_MANY_DEVICES;
        }
        Row row = own.orElseGet(() -> new Row(device, key));
        long added = row.countNew(publication);
        if (added > 0 && row.messages.size() + added > quotas.prekeyMessages()) {
            return PublicationResult.TOO_MANY_PREKEY_MESSAGES;
        }
        rows.removeAll(replaced);
        rows.removeIf(other -> other.device.owner().equals(device.owner()) && other.isExpired(now));
        if (own.isEmpty()) {
            rows.add(row);
        }
        row.store(publication, now);
        return PublicationResult.STORED;
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
    public synchronized List<Ensemble> takeEnsembles(Take take, Instant now) {
        return inUse(now)
                .filter(row -> row.device.owner().equals(take.owner())
                        && row.draft == take.draft()
                        && row.speaksOneOf(take.versions())
                        && row.hasPrekeyProfile(take.draft(), now)
                        && !row.messages.isEmpty())
                .limit(Math.max(0, take.most()))
                .map(row -> row.take(take.countUpTo()))
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

        long countNew(Publication publication) {
            return publication.prekeyMessages().stream()
                    .filter(message -> !remembered.contains(message.identifier()))
                    .count();
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

        Ensemble take(int countUpTo) {
            Bytes oldest = messages.remove();
            return new Ensemble(
                    device,
                    clientProfile.orElseThrow().encoded(),
                    prekeyProfile.orElseThrow().encoded(),
                    oldest,
                    Math.max(0, Math.min(messages.size(), countUpTo)));
        }

        /** Whole seconds, as profiles count them. */
        private static boolean isOver(Instant expires, Instant now) {
            return expires.getEpochSecond() <= now.getEpochSecond();
        }
    }
}
