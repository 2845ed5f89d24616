package prekeeper.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
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
    private long made;
    private final Inventory inventory = new Shelves();
    private final BlockList blockList = new Names();

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
        Row row = own.orElseGet(() -> new Row(made + 1, device, key));
        long added = row.countNew(publication);
        if (added > 0 && row.messages.size() + added > quotas.prekeyMessages()) {
            return PublicationResult.TOO_MANY_PREKEY_MESSAGES;
        }
        rows.removeAll(replaced);
        rows.removeIf(other -> other.device.owner().equals(device.owner()) && other.isExpired(now));
        if (own.isEmpty()) {
            made++;
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

    public Inventory inventory() {
        return inventory;
    }

    public BlockList blockList() {
        return blockList;
    }

    /** The store seen by owners and administrators. */
    private final class Shelves implements Inventory {

        @Override
        public List<StoredDevice> devices(String owner, Instant now) {
            synchronized (InMemoryPrekeyStore.this) {
                return rows.stream()
                        .filter(row -> row.device.owner().equals(owner) && !row.isExpired(now))
                        .sorted((one, other) -> Integer.compareUnsigned(
                                one.device.tag().value(), other.device.tag().value()))
                        .map(Row::stored)
                        .toList();
            }
        }

        @Override
        public boolean forget(DeviceId device) {
            synchronized (InMemoryPrekeyStore.this) {
                return rows.removeIf(row -> row.device.equals(device));
            }
        }

        @Override
        public int forget(String owner) {
            synchronized (InMemoryPrekeyStore.this) {
                List<Row> gone = rows.stream()
                        .filter(row -> row.device.owner().equals(owner))
                        .toList();
                rows.removeAll(gone);
                return (int) gone.stream().map(row -> row.device).distinct().count();
            }
        }

        @Override
        public LowStock lowOnStock(int mark, long after, int most, Instant now) {
            synchronized (InMemoryPrekeyStore.this) {
                List<Row> page = inUse(now)
                        .filter(row -> row.id > after)
                        .limit(Math.max(0, most))
                        .toList();
                List<LowStock.Device> low = page.stream()
                        .filter(row -> row.messages.size() <= mark)
                        .map(row -> new LowStock.Device(row.device, row.messages.size()))
                        .toList();
                if (page.size() < most) {
                    return new LowStock(low, OptionalLong.empty());
                }
                return new LowStock(low, OptionalLong.of(page.isEmpty() ? after : page.get(page.size() - 1).id));
            }
        }

        @Override
        public Stock stock(int enough, long after, int most, Instant now) {
            synchronized (InMemoryPrekeyStore.this) {
                StockRows rows = new StockRows();
                inUse(now)
                        .filter(row -> row.id > after)
                        .limit(most)
                        .forEach(row -> rows.add(Math.min(row.messages.size(), enough), 1, row.id));
                return rows.page(most);
            }
        }

        @Override
        public void ping() {}

        @Override
        public int removeExpired(int most, Instant now) {
            synchronized (InMemoryPrekeyStore.this) {
                List<Row> gone = rows.stream()
                        .filter(row -> row.isExpired(now))
                        .sorted(Comparator.comparing(row -> row.expires))
                        .limit(Math.max(0, most))
                        .toList();
                rows.removeAll(gone);
                return gone.size();
            }
        }

        @Override
        public int removeExpiredPrekeyProfiles(int most, Instant now) {
            synchronized (InMemoryPrekeyStore.this) {
                List<Row> gone = rows.stream()
                        .filter(row -> row.prekeyProfile
                                .filter(profile -> Row.isOver(profile.expires(), now))
                                .isPresent())
                        .sorted(Comparator.comparing(
                                row -> row.prekeyProfile.orElseThrow().expires()))
                        .limit(Math.max(0, most))
                        .toList();
                gone.forEach(row -> row.prekeyProfile = Optional.empty());
                return gone.size();
            }
        }

        @Override
        public StoreCounts counts() {
            synchronized (InMemoryPrekeyStore.this) {
                return new StoreCounts(
                        rows.size(),
                        rows.stream().mapToLong(row -> row.messages.size()).sum());
            }
        }

        /** Only numbers; nobody restores it. */
        @Override
        public void backUp(Path file) {
            BackupFile.write(file, made -> Files.writeString(made, counts().toString()));
        }

        @Override
        public String engine() {
            return "memory 1";
        }
    }

    private static final class Names implements BlockList {
        private final SortedSet<String> entries = new ConcurrentSkipListSet<>();

        @Override
        public SortedSet<String> blocked() {
            return Collections.unmodifiableSortedSet(new TreeSet<>(entries));
        }

        @Override
        public boolean block(String entry, Instant now) {
            return entries.add(entry);
        }

        @Override
        public boolean unblock(String entry) {
            return entries.remove(entry);
        }
    }

    /** What is stored for a device under one long-term key. */
    private static final class Row {
        private final long id;
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

        Row(long id, DeviceId device, Point longTermKey) {
            this.id = id;
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

        StoredDevice stored() {
            return new StoredDevice(
                    device,
                    clientProfile.map(profile -> draft),
                    wholeSeconds(expires),
                    prekeyProfile.map(PrekeyProfileEntry::expires).map(Row::wholeSeconds),
                    messages.size());
        }

        private static Instant wholeSeconds(Instant instant) {
            return Instant.ofEpochSecond(instant.getEpochSecond());
        }

        /** Whole seconds, as profiles count them. */
        private static boolean isOver(Instant expires, Instant now) {
            return expires.getEpochSecond() <= now.getEpochSecond();
        }
    }
}
