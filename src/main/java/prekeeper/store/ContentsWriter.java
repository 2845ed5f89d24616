package prekeeper.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import prekeeper.crypto.Bytes;

/**
 * Writes what it is shown into a database without devices, inside of transactions. The marks of takings of that database go: from
 * now on it is as old as what it is filled with. Used once.
 */
final class ContentsWriter implements Contents.Sink {
    private static final String DELETE_MARKS = "DELETE FROM taking_mark";

    private static final String INSERT_MARK =
            "INSERT INTO taking_mark (server, mark, forgiven) VALUES (:server, :mark, :forgiven)";

    private static final String NEXT_SLOT = "SELECT COALESCE(MAX(slot) + 1, 0) FROM device WHERE owner = :owner";

    private static final String INSERT_DEVICE = """
            INSERT INTO device (owner, slot, instance_tag, long_term_key, expires_at, client_profile,
              client_profile_draft, client_profile_published_at, versions, prekey_profile, prekey_profile_draft,
              prekey_profile_expires_at, next_sequence)
            VALUES (:owner, :slot, :tag, :key, :expires, :client, :clientDraft, :published, :versions, :prekey,
              :prekeyDraft, :prekeyExpires, :next)""";

    private static final int MESSAGES_AT_ONCE = 200;

    private static final int ROWS_IN_A_STEP = 5_000;

    private final Handle handle;
    private final Tables tables;
    private final Runnable step;
    private final List<Tables.Sequenced> messages = new ArrayList<>();
    private Optional<RowId> row = Optional.empty();
    private long devices;
    private int rows;
    private boolean marksAreGone;

    /** @param step called between two devices each few thousand rows; may commit, and begin another transaction */
    ContentsWriter(Handle handle, Tables tables, Runnable step) {
        this.handle = handle;
        this.tables = tables;
        this.step = step;
    }

    /** To be called when everything was shown. */
    void finish() {
        writeMessages();
        deleteMarks();
    }

    private void deleteMarks() {
        if (!marksAreGone) {
            write(() -> handle.execute(DELETE_MARKS));
            marksAreGone = true;
        }
    }

    long devices() {
        return devices;
    }

    @Override
    public void blocked(String entry, Instant since) {
        write(() -> JdbcBlockList.insert(handle, entry, since));
    }

    @Override
    public void takingMark(String server, long mark, boolean forgiven) {
        deleteMarks();
        write(() -> handle.createUpdate(INSERT_MARK)
                .bind("server", server)
                .bind("mark", mark)
                .bind("forgiven", forgiven)
                .execute());
    }

    @Override
    public void device(DeviceContents device) {
        writeMessages();
        if (rows >= ROWS_IN_A_STEP) {
            step.run();
            rows = 0;
        }
        row = Optional.of(new RowId(device.owner(), write(() -> insert(device))));
        devices++;
        rows++;
    }

    private long insert(DeviceContents device) {
        var client = device.clientProfile();
        var prekey = device.prekeyProfile();
        int slot = handle.createQuery(NEXT_SLOT)
                .bind("owner", device.owner())
                .mapTo(Integer.class)
                .one();
        return handle.createUpdate(INSERT_DEVICE)
                .bind("owner", device.owner())
                .bind("slot", slot)
                .bind("tag", device.tag())
                .bind("key", device.longTermKey().toByteArray())
                .bind("expires", device.expires().getEpochSecond())
                .bind("client", client.map(profile -> sealed(profile.encoded())).orElse(null))
                .bind("clientDraft", client.map(profile -> profile.draft()).orElse(null))
                .bind(
                        "published",
                        client.map(profile -> profile.published().toEpochMilli())
                                .orElse(null))
                .bind("versions", client.map(profile -> profile.versions()).orElse(null))
                .bind("prekey", prekey.map(profile -> sealed(profile.encoded())).orElse(null))
                .bind("prekeyDraft", prekey.map(profile -> profile.draft()).orElse(null))
                .bind(
                        "prekeyExpires",
                        prekey.map(profile -> profile.expires().getEpochSecond())
                                .orElse(null))
                .bind("next", device.nextSequence())
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    @Override
    public void prekeyMessage(long sequence, StoredBytes encoded) {
        messages.add(new Tables.Sequenced(sequence, Bytes.of(sealed(encoded))));
        if (messages.size() == MESSAGES_AT_ONCE) {
            writeMessages();
        }
    }

    private void writeMessages() {
        if (!messages.isEmpty()) {
            write(() -> {
                tables.put(handle, row.orElseThrow(), messages);
                return messages;
            });
            rows += messages.size();
            messages.clear();
        }
    }

    @Override
    public void rememberedIdentifiers(List<Integer> identifiers) {
        write(() -> tables.remember(handle, row.orElseThrow(), identifiers));
        rows += identifiers.size();
    }

    /** What is damaged stays so. */
    private static byte[] sealed(StoredBytes encoded) {
        return encoded.intact()
                ? Checked.seal(encoded.bytes())
                : encoded.bytes().toByteArray();
    }

    private static <T> T write(Supplier<T> statement) {
        try {
            return statement.get();
        } catch (JdbiException failed) {
            String text = Failures.sqlError(failed).orElseThrow(() -> failed).getMessage();
            throw new StorageException("can not fill the store: " + Failures.firstLine(text), failed);
        }
    }
}
