package prekeeper.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import prekeeper.store.Publication.ClientProfileEntry;
import prekeeper.store.Publication.PrekeyMessageEntry;
import prekeeper.store.Publication.PrekeyProfileEntry;

/** Writes one publication inside a transaction that holds the locks of the account's rows. Used once. */
final class PublicationWriter {
    private static final String INSERT_ROW = """
            INSERT INTO device (owner, instance_tag, long_term_key, expires_at)
            VALUES (:owner, :tag, :key, :expires)""";

    private static final String UPDATE_WAITING = "UPDATE device SET expires_at = :expires WHERE id = :id";

    private static final String UPDATE_CLIENT_PROFILE = """
            UPDATE device SET client_profile = :encoded, client_profile_draft = :draft, versions = :versions,
              expires_at = :expires, client_profile_published_at = :now
            WHERE id = :id""";

    private static final String UPDATE_PREKEY_PROFILE = """
            UPDATE device SET prekey_profile = :encoded, prekey_profile_draft = :draft,
              prekey_profile_expires_at = :expires
            WHERE id = :id""";

    /** Counts 1 for an identifier that is new, 0 for one that was stored before, whatever became of its message. */
    private static final String REMEMBER = """
            INSERT INTO remembered_identifier (row_number) SELECT CAST(:row AS BIGINT)
            WHERE NOT EXISTS (SELECT 1 FROM remembered_identifier WHERE row_number = :row)""";

    private static final String INSERT_MESSAGE =
            "INSERT INTO prekey_message (row_number, encoded) VALUES (:row, :encoded)";

    private static final String UPDATE_SEQUENCE = "UPDATE device SET next_sequence = :next WHERE id = :id";

    private final Handle handle;
    private final Publication publication;
    private final Quotas quotas;
    private final Instant now;

    PublicationWriter(Handle handle, Publication publication, Quotas quotas, Instant now) {
        this.handle = handle;
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
        rows.stream().filter(row -> !kept.contains(row)).forEach(row -> DeviceTable.delete(handle, row.id()));
        DeviceRow row = own.orElseGet(this::insert);
        publication.clientProfile().ifPresentOrElse(profile -> update(row, profile), () -> updateWaiting(row));
        publication.prekeyProfile().ifPresent(profile -> update(row, profile));
        int added = store(row, publication.prekeyMessages());
        if (added > 0 && DeviceTable.count(handle, row.id()) > quotas.prekeyMessages()) {
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

    private DeviceRow insert() {
        long expires = publication.expires().getEpochSecond();
        long id = handle.createUpdate(INSERT_ROW)
                .bind("owner", publication.device().owner())
                .bind("tag", DeviceTable.number(publication.device().tag()))
                .bind("key", publication.longTermKey().encoded().toByteArray())
                .bind("expires", expires)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
        return new DeviceRow(id, publication.device().tag(), publication.longTermKey(), expires, false, 0);
    }

    /** What waits lives as long as the Client Profile that its publisher showed last. */
    private void updateWaiting(DeviceRow row) {
        long expires = publication.expires().getEpochSecond();
        if (!row.inUse() && row.expiresAt() != expires) {
            handle.createUpdate(UPDATE_WAITING)
                    .bind("expires", expires)
                    .bind("id", row.id())
                    .execute();
        }
    }

    private void update(DeviceRow row, ClientProfileEntry profile) {
        handle.createUpdate(UPDATE_CLIENT_PROFILE)
                .bind("encoded", profile.encoded().toByteArray())
                .bind("draft", publication.draft().name())
                .bind("versions", profile.versions())
                .bind("expires", profile.expires().getEpochSecond())
                .bind("now", milliseconds(now))
                .bind("id", row.id())
                .execute();
    }

    private void update(DeviceRow row, PrekeyProfileEntry profile) {
        handle.createUpdate(UPDATE_PREKEY_PROFILE)
                .bind("encoded", profile.encoded().toByteArray())
                .bind("draft", publication.draft().name())
                .bind("expires", profile.expires().getEpochSecond())
                .bind("id", row.id())
                .execute();
    }

    /** How many of them were new. */
    private int store(DeviceRow row, List<PrekeyMessageEntry> messages) {
        if (messages.isEmpty()) {
            return 0;
        }
        int[] remembered = remember(row, messages);
        PreparedBatch batch = handle.prepareBatch(INSERT_MESSAGE);
        long sequence = row.nextSequence();
        for (int i = 0; i < remembered.length; i++) {
            if (remembered[i] == 1) {
                batch.bind("row", DeviceRow.rowNumber(row.id(), sequence++))
                        .bind("encoded", messages.get(i).encoded().toByteArray())
                        .add();
            }
        }
        int added = batch.size();
        if (added > 0) {
            batch.execute();
            handle.createUpdate(UPDATE_SEQUENCE)
                    .bind("next", sequence)
                    .bind("id", row.id())
                    .execute();
        }
        return added;
    }

    private int[] remember(DeviceRow row, List<PrekeyMessageEntry> messages) {
        PreparedBatch batch = handle.prepareBatch(REMEMBER);
        for (PrekeyMessageEntry message : messages) {
            long identifier = Integer.toUnsignedLong(message.identifier());
            batch.bind("row", DeviceRow.rowNumber(row.id(), identifier)).add();
        }
        return batch.execute();
    }

    /** Clamped: the far ends of {@link Instant} have no number of milliseconds. */
    private static long milliseconds(Instant instant) {
        if (instant.getEpochSecond() >= Long.MAX_VALUE / 1000) {
            return Long.MAX_VALUE;
        }
        return instant.getEpochSecond() <= Long.MIN_VALUE / 1000 ? Long.MIN_VALUE : instant.toEpochMilli();
    }
}
