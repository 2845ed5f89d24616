package prekeeper.store;

import static java.util.Comparator.comparingLong;

import java.nio.file.Path;
import java.sql.DatabaseMetaData;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import prekeeper.wire.Draft;

/** The inventory of a database. It locks rows as {@link JdbcPrekeyStore} does. */
final class JdbcInventory implements Inventory {
    private static final String SELECT_DEVICES = """
            SELECT id, instance_tag, client_profile_draft, expires_at, prekey_profile_expires_at FROM device
            WHERE owner = :owner AND expires_at > :now ORDER BY instance_tag, id""";

    private static final String SELECT_HANDED_OUT = """
            SELECT id, owner, instance_tag FROM device
            WHERE id > :after AND in_use AND expires_at > :now ORDER BY id LIMIT :most""";

    private static final String SELECT_EXPIRED = """
            SELECT owner, id FROM device WHERE expires_at <= :now ORDER BY expires_at LIMIT :most""";

    private static final String LOCK_IF_EXPIRED = """
            SELECT id FROM device WHERE owner = :owner AND id = :id AND expires_at <= :now FOR UPDATE""";

    private static final String SELECT_EXPIRED_PREKEY_PROFILES = """
            SELECT owner, id FROM device WHERE prekey_profile_expires_at <= :now
            ORDER BY prekey_profile_expires_at LIMIT :most""";

    private static final String REMOVE_PREKEY_PROFILE_IF_EXPIRED = """
            UPDATE device SET prekey_profile = NULL, prekey_profile_draft = NULL, prekey_profile_expires_at = NULL
            WHERE owner = :owner AND id = :id AND prekey_profile_expires_at <= :now""";

    private static final String COUNT_ALL = """
            SELECT (SELECT COUNT(*) FROM device) devices, (SELECT COUNT(*) FROM prekey_message) messages""";

    /** A transaction's share of a page, so that none is long. */
    private static final int LOOKED_AT_ONCE = 1_000;

    /** Rows a transaction, each with up to thousands that belong to it: who publishes or takes meanwhile hardly notices. */
    private static final int REMOVED_AT_ONCE = 2;

    private final Database database;
    private final Tables tables;
    private final Transactions transactions;
    private final Durability durability;

    JdbcInventory(Database database, Transactions transactions, Durability durability) {
        this.database = database;
        this.tables = database.tables();
        this.transactions = transactions;
        this.durability = durability;
    }

    @Override
    public List<StoredDevice> devices(String owner, Instant now) {
        return transactions.run(
                "list the devices of an account",
                handle -> handle.createQuery(SELECT_DEVICES)
                        .bind("owner", owner)
                        .bind("now", now.getEpochSecond())
                        .map((row, context) -> new StoredDevice(
                                new DeviceId(owner, DeviceTable.tag(row.getLong("instance_tag"))),
                                Optional.ofNullable(row.getString("client_profile_draft"))
                                        .map(Draft::valueOf),
                                Instant.ofEpochSecond(row.getLong("expires_at")),
                                Optional.ofNullable(row.getObject("prekey_profile_expires_at", Long.class))
                                        .map(Instant::ofEpochSecond),
                                tables.count(handle, new RowId(owner, row.getLong("id")))))
                        .list());
    }

    @Override
    public boolean forget(DeviceId device) {
        return forget(device.owner(), row -> row.tag().equals(device.tag())) > 0;
    }

    @Override
    public int forget(String owner) {
        return forget(owner, row -> true);
    }

    /** Of how many devices something was stored. */
    private int forget(String owner, Predicate<DeviceRow> which) {
        long devices = durability.change("remove devices of an account", handle -> {
            List<DeviceRow> rows = DeviceTable.lockAccount(handle, owner).stream()
                    .filter(which)
                    .toList();
            rows.forEach(row -> DeviceTable.delete(handle, tables, row.id()));
            return rows.stream().map(DeviceRow::tag).distinct().count();
        });
        return (int) devices;
    }

    @Override
    public LowStock lowOnStock(int mark, long after, int most, Instant now) {
        List<LowStock.Device> low = new ArrayList<>();
        long last = after;
        for (int left = most; left > 0; left -= LOOKED_AT_ONCE) {
            int share = Math.min(left, LOOKED_AT_ONCE);
            long begin = last;
            List<Found> looked =
                    transactions.run("count prekey messages", handle -> stocks(handle, mark, begin, share, now));
            looked.stream()
                    .filter(found -> found.remaining() <= mark)
                    .map(found -> new LowStock.Device(found.device(), found.remaining()))
                    .forEach(low::add);
            if (looked.size() < share) {
                return new LowStock(low, OptionalLong.empty());
            }
            last = looked.get(share - 1).id();
        }
        return new LowStock(low, OptionalLong.of(last));
    }

    /** Devices that are handed out, in the order of their ids, each counted just far enough to see that it is not low. */
    private List<Found> stocks(Handle handle, int mark, long after, int most, Instant now) {
        int enough = Math.max(mark, mark + 1); // the largest mark has no next
        return handle.createQuery(SELECT_HANDED_OUT)
                .bind("after", after)
                .bind("now", now.getEpochSecond())
                .bind("most", most)
                .map((row, context) -> new Found(
                        row.getLong("id"),
                        new DeviceId(row.getString("owner"), DeviceTable.tag(row.getLong("instance_tag"))),
                        tables.countUpTo(handle, new RowId(row.getString("owner"), row.getLong("id")), enough)))
                .list();
    }

    private record Found(long id, DeviceId device, int remaining) {}

    @Override
    public Stock stock(int enough, long after, int most, Instant now) {
        return transactions.run(
                "count prekey messages",
                handle -> tables.stock(handle, enough, after, most, now).page(most));
    }

    @Override
    public int removeExpired(int most, Instant now) {
        return remove("remove expired devices", SELECT_EXPIRED, most, now, (handle, row) -> {
            boolean expired = of(handle.createQuery(LOCK_IF_EXPIRED), row, now)
                    .mapTo(Long.class)
                    .findOne()
                    .isPresent();
            if (expired) {
                DeviceTable.delete(handle, tables, row);
            }
            return expired;
        });
    }

    @Override
    public int removeExpiredPrekeyProfiles(int most, Instant now) {
        return remove(
                "remove expired prekey profiles",
                SELECT_EXPIRED_PREKEY_PROFILES,
                most,
                now,
                (handle, row) -> of(handle.createUpdate(REMOVE_PREKEY_PROFILE_IF_EXPIRED), row, now)
                                .execute()
                        == 1);
    }

    /** What of a row has expired, if it still has when its lock is ours: it may have been renewed, or removed, since it was found. */
    private interface Removal {
        boolean remove(Handle handle, RowId row);
    }

    private int remove(String what, String find, int most, Instant now, Removal removal) {
        int removed = 0;
        boolean more = true;
        while (more && removed < most) {
            int share = Math.min(most - removed, REMOVED_AT_ONCE);
            Removed some = transactions.run(what, handle -> removeSome(handle, find, share, now, removal));
            removed += some.removed();
            more = some.found() == share;
        }
        return removed; // not forced: what comes back after a crash has expired all the same
    }

    private static Removed removeSome(Handle handle, String find, int most, Instant now, Removal removal) {
        List<RowId> found = handle.createQuery(find)
                .bind("now", now.getEpochSecond())
                .bind("most", most)
                .map((row, context) -> new RowId(row.getString("owner"), row.getLong("id")))
                .list();
        int removed = 0;
        for (RowId row : found.stream().sorted(comparingLong(RowId::id)).toList()) {
            if (removal.remove(handle, row)) {
                removed++;
            }
        }
        return new Removed(found.size(), removed);
    }

    private static <S extends SqlStatement<S>> S of(S statement, RowId row, Instant now) {
        return statement.bind("owner", row.owner()).bind("id", row.id()).bind("now", now.getEpochSecond());
    }

    private record Removed(int found, int removed) {}

    @Override
    public StoreCounts counts() {
        return transactions.run(
                "count what is stored",
                handle -> handle.createQuery(COUNT_ALL)
                        .map((row, context) -> new StoreCounts(row.getLong("devices"), row.getLong("messages")))
                        .one());
    }

    @Override
    public void backUp(Path file) {
        // H2 writes what it has not written yet first, and waits for a full disk as long as that is full
        var unused = transactions.run("back up", handle -> {
            database.force(handle.getConnection());
            return true;
        });
        transactions.apart("back up", handle -> {
            database.backUp(handle, file);
            return file;
        });
    }

    @Override
    public void ping() {
        var unused = transactions.run(
                "ask the database anything",
                handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one());
    }

    @Override
    public String engine() {
        return transactions.apart(
                "ask the database for its version",
                handle -> handle.queryMetadata(DatabaseMetaData::getDatabaseProductName)
                        + " "
                        + handle.queryMetadata(DatabaseMetaData::getDatabaseProductVersion)
                                .replaceFirst(" .*", "")); // behind it a date
    }
}
