package prekeeper.store;

import java.util.List;
import org.jdbi.v3.core.Handle;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.wire.InstanceTag;

/** Statements on table {@code device} and on what belongs to its rows that more than one class runs. */
final class DeviceTable {
    private static final String LOCK_ACCOUNT = """
            SELECT id, instance_tag, long_term_key, expires_at, in_use, next_sequence FROM device
            WHERE owner = :owner ORDER BY id FOR UPDATE""";

    /** Tables of what belongs to a device and goes with its row. */
    private static final List<String> BELONGINGS = List.of("prekey_message", "remembered_identifier");

    private static final String DELETE_ROW = "DELETE FROM device WHERE id = :id";

    private static final String COUNT = """
            SELECT COUNT(*) FROM prekey_message WHERE row_number BETWEEN :first AND :last""";

    /** Without the inner LIMIT the whole range would be read, however long it is. */
    private static final String COUNT_UP_TO = """
            SELECT COUNT(*) FROM
              (SELECT 1 FROM prekey_message WHERE row_number BETWEEN :first AND :last LIMIT :most)""";

    private DeviceTable() {}

    /** All rows of an account, expired or not, locked in the order of their ids. */
    static List<DeviceRow> lockAccount(Handle handle, String owner) {
        return handle.createQuery(LOCK_ACCOUNT)
                .bind("owner", owner)
                .map((row, context) -> new DeviceRow(
                        row.getLong("id"),
                        tag(row.getLong("instance_tag")),
                        new Point(Bytes.of(row.getBytes("long_term_key"))),
                        row.getLong("expires_at"),
                        row.getBoolean("in_use"),
                        row.getLong("next_sequence")))
                .list();
    }

    /** Deletes a row and all that belongs to it; needs the lock on it. */
    static void delete(Handle handle, long id) {
        for (String table : BELONGINGS) {
            handle.createUpdate("DELETE FROM " + table + " WHERE row_number BETWEEN :first AND :last")
                    .bind("first", DeviceRow.firstRowNumber(id))
                    .bind("last", DeviceRow.lastRowNumber(id))
                    .execute();
        }
        handle.createUpdate(DELETE_ROW).bind("id", id).execute();
    }

    /** The prekey messages of a row. */
    static int count(Handle handle, long id) {
        return handle.createQuery(COUNT)
                .bind("first", DeviceRow.firstRowNumber(id))
                .bind("last", DeviceRow.lastRowNumber(id))
                .mapTo(Integer.class)
                .one();
    }

    /** The prekey messages of a row, counted no further than {@code most}. */
    static int countUpTo(Handle handle, long id, int most) {
        return handle.createQuery(COUNT_UP_TO)
                .bind("first", DeviceRow.firstRowNumber(id))
                .bind("last", DeviceRow.lastRowNumber(id))
                .bind("most", Math.max(0, most)) // a negative one is refused
                .mapTo(Integer.class)
                .one();
    }

    /** What a tag is stored as. */
    static long number(InstanceTag tag) {
        return Integer.toUnsignedLong(tag.value());
    }

    static InstanceTag tag(long number) {
        return new InstanceTag((int) number);
    }
}
