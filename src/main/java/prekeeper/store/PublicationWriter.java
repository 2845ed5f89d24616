package prekeeper.store;

import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import prekeeper.crypto.Bytes;
import prekeeper.store.Publication.ClientProfileEntry;
import prekeeper.store.Publication.PrekeyMessageEntry;
import prekeeper.store.Publication.PrekeyProfileEntry;

/** Writes one publication inside a transaction that holds the locks of the account's rows. Used once. */
final class PublicationWriter {
    private static final String INSERT_ROW = """
            INSERT INTO device (owner, slot, instance_tag, long_term_key, expires_at)
            VALUES (:owner, :slot, :tag, :key, :expires)""";

    private static final String UPDATE_WAITING =
            "UPDATE device SET expires_at = :expires WHERE owner = :owner AND id = :id";

    private static final String UPDATE_CLIENT_PROFILE = """
            UPDATE device SET client_profile = :encoded, client_profile_draft = :draft, versions = :versions,
              expires_at = :expires, client_profile_published_at = :now
            WHERE owner = :owner AND id = :id""";

    private static final String UPDATE_PREKEY_PROFILE = """
            UPDATE device SET prekey_profile = :encoded, prekey_profile_draft = :draft,
              prekey_profile_expires_at = :expires
            WHERE owner = :owner AND id = :id""";

    private static final String UPDATE_SEQUENCE =
            "UPDATE device SET next_sequence = :next WHERE owner = :owner AND id = :id";

    private final Handle handle;
    private final Tables tables;
    private final Publication publication;
    private final Quotas quotas;
    private final Instant now;

    PublicationWriter(Handle handle, Tables tables, Publication publication, Quotas quotas, Instant now) {
        this.handle = handle;
        this.tables = tables;
        this.publication = publication;
        this.quotas = quotas;
        this.now = now;
    }

    /**
     * Stores the publication, or rolls the transaction back.
     *
     * @param rows all rows of the account, locked
     */
    PublicationResult write(List<DeviceRow> rows) {
        List<DeviceRow> unexpired =
                rows.stream().filter(row -> !row.isExpired(now)).toList();
        List<DeviceRow> kept =
                unexpired.stream().filter(row -> !isReplaced(row)).toList();
        Optional<DeviceRow> own =
                kept.stream().filter(row -> row.isOfKey(publication)).findFirst();
        if (own.isEmpty() && isOneTooMany(unexpired, kept)) {
            return PublicationResult.TOO_MANY_DEVICES;
        }
        rows.stream().filter(row -> !kept.contains(row)).forEach(row -> DeviceTable.delete(handle, tables, row.id()));
        DeviceRow row = own.orElseGet(() -> insert(lowestFreeSlot(kept)));
        publication.clientProfile().ifPresentOrElse(profile -> update(row, profile), () -> updateWaiting(row));
        publication.prekeyProfile().ifPresent(profile -> update(row, profile));
        int added = store(row, publication.prekeyMessages());
        if (added > 0 && tables.count(handle, row.id()) > quotas.prekeyMessages()) {
            handle.rollback();
            return PublicationResult.TOO_MANY_PREKEY_MESSAGES;
        }
        return PublicationResult.STORED;
    }

    private boolean isReplaced(DeviceRow row) {
        return publication.clientProfile().isPresent() && row.isOfDevice(publication) && !row.isOfKey(publication);
    }

    /** Whether one more row is more than the account may have; one that takes the place of others always may be. */
    private boolean isOneTooMany(List<DeviceRow> unexpired, List<DeviceRow> kept) {
        boolean isNewDevice = unexpired.stream().noneMatch(row -> row.isOfDevice(publication));
        long devices = unexpired.stream().map(DeviceRow::tag).distinct().count();
        boolean replacesNothing = kept.size() == unexpired.size();
        return (isNewDevice && devices >= quotas.devices())
                || (replacesNothing && kept.size() >= 2L * quotas.devices());
    }

    /** The one that everybody takes who adds a row at the same time; all but one of them find it taken, and try again. */
    private static int lowestFreeSlot(List<DeviceRow> kept) {
        BitSet taken = new BitSet();
        kept.forEach(row -> taken.set(row.slot()));
        return taken.nextClearBit(0);
    }

    private DeviceRow insert(int slot) {
        long expires = publication.expires().getEpochSecond();
        long id = handle.createUpdate(INSERT_ROW)
                .bind("owner", publication.device().owner())
                .bind("slot", slot)
                .bind("tag", DeviceTable.number(publication.device().tag()))
                .bind("key", publication.longTermKey().encoded().toByteArray())
                .bind("expires", expires)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
        return new DeviceRow(
                new RowId(publication.device().owner(), id),
                publication.device().tag(),
                publication.longTermKey(),
                slot,
                expires,
                false,
                0);
    }

    /** What waits lives as long as the Client Profile that its publisher showed last. */
    private void updateWaiting(DeviceRow row) {
        long expires = publication.expires().getEpochSecond();
        if (!row.inUse() && row.expiresAt() != expires) {
            update(UPDATE_WAITING, row).bind("expires", expires).execute();
        }
    }

    private void update(DeviceRow row, ClientProfileEntry profile) {
        update(UPDATE_CLIENT_PROFILE, row)
                .bind("encoded", Checked.seal(profile.encoded()))
                .bind("draft", publication.draft().name())
                .bind("versions", profile.versions())
                .bind("expires", profile.expires().getEpochSecond())
                .bind("now", milliseconds(now))
                .execute();
    }

    private void update(DeviceRow row, PrekeyProfileEntry profile) {
        update(UPDATE_PREKEY_PROFILE, row)
                .bind("encoded", Checked.seal(profile.encoded()))
                .bind("draft", publication.draft().name())
                .bind("expires", profile.expires().getEpochSecond())
                .execute();
    }

    /** How many of them were new. */
    private int store(DeviceRow row, List<PrekeyMessageEntry> messages) {
        if (messages.isEmpty()) {
            return 0;
        }
        BitSet fresh = tables.remember(
                handle,
                row.id(),
                messages.stream().map(PrekeyMessageEntry::identifier).toList());
        List<Bytes> added =
                fresh.stream().mapToObj(i -> messages.get(i).encoded()).toList();
        if (!added.isEmpty()) {
            tables.add(handle, row.id(), row.nextSequence(), added);
            update(UPDATE_SEQUENCE, row)
                    .bind("next", row.nextSequence() + added.size())
                    .execute();
        }
        return added.size();
    }

    private Update update(String statement, DeviceRow row) {
        return handle.createUpdate(statement)
                .bind("owner", row.id().owner())
                .bind("id", row.id().id());
    }

    /** Clamped: the far ends of {@link Instant} have no number of milliseconds. */
    private static long milliseconds(Instant instant) {
        if (instant.getEpochSecond() >= Long.MAX_VALUE / 1000) {
            return Long.MAX_VALUE;
        }
        return instant.getEpochSecond() <= Long.MIN_VALUE / 1000 ? Long.MIN_VALUE : instant.toEpochMilli();
    }
}
