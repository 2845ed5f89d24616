package prekeeper.store;

import java.util.List;
import org.jdbi.v3.core.Handle;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.wire.InstanceTag;

/** Statements on table {@code device} that more than one class runs; they are the same on every engine. */
final class DeviceTable {
    private static final String LOCK_ACCOUNT = """
            SELECT id, instance_tag, long_term_key, slot, expires_at, in_use, next_sequence FROM device
            WHERE owner = :owner ORDER BY id FOR UPDATE""";

    private static final String DELETE_ROW = "DELETE FROM device WHERE owner = :owner AND id = :id";

    private DeviceTable() {}

    /** All rows of an account, expired or not, locked in the order of their ids. */
    static List<DeviceRow> lockAccount(Handle handle, String owner) {
        return handle.createQuery(LOCK_ACCOUNT)
                .bind("owner", owner)
                .map((row, context) -> new DeviceRow(
                        new RowId(owner, row.getLong("id")),
                        tag(row.getLong("instance_tag")),
                        new Point(Bytes.of(row.getBytes("long_term_key"))),
                        row.getInt("slot"),
                        row.getLong("expires_at"),
                        row.getBoolean("in_use"),
                        row.getLong("next_sequence")))
                .list();
    }

    /** Deletes a row and all that belongs to it; needs the lock on it. */
    static void delete(Handle handle, Tables tables, RowId row) {
        tables.deleteBelongings(handle, row);
        handle.createUpdate(DELETE_ROW)
                .bind("owner", row.owner())
                .bind("id", row.id())
                .execute();
    }

    /** What a tag is stored as. */
    static long number(InstanceTag tag) {
        return Integer.toUnsignedLong(tag.value());
    }

    static InstanceTag tag(long number) {
        return new InstanceTag((int) number);
    }
}
