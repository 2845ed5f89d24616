package prekeeper.store;

import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;
import prekeeper.crypto.Bytes;

/**
 * The tables of H2. What belongs to a device has a row number of device id · 2^32 + number: H2 keeps rows in the order of a
 * single integer key, so the oldest message of a device is the first in a range, however many are stored.
 *
 * <p>Whoever changes or takes anything of a device locks its row first, in the order of ids.
 */
final class H2Tables implements Tables {
    private static final int NUMBER_BITS = 32;
    private static final long HIGHEST_NUMBER = 0xFFFF_FFFFL;

    private static final String IN_RANGE = " WHERE row_number BETWEEN :first AND :last";

    /** A Prekey Profile of another draft than the Client Profile would spoil the whole answer. */
    private static final String LOCK_READY = """
            SELECT id FROM device
            WHERE owner = :owner AND client_profile_draft = :draft AND prekey_profile_draft = :draft
              AND expires_at > :now AND prekey_profile_expires_at > :now
            ORDER BY id FOR UPDATE""";

    private static final String SELECT_PROFILES = """
            SELECT instance_tag, versions, client_profile, prekey_profile FROM device WHERE id = :id""";

    private static final String DELETE_MESSAGE = "DELETE FROM prekey_message WHERE row_number = :row";

    private static final String COUNT = "SELECT COUNT(*) FROM prekey_message" + IN_RANGE;

    /** Without the inner LIMIT the whole range would be read, however long it is. */
    private static final String COUNT_UP_TO =
            "SELECT COUNT(*) FROM (SELECT 1 FROM prekey_message" + IN_RANGE + " LIMIT :most)";

    private static final String SELECT_HANDED_OUT = """
            SELECT id FROM device WHERE id > :after AND in_use AND expires_at > :now ORDER BY id LIMIT :most""";

    /** Counts 1 for an identifier that is new, 0 for one that was stored before. */
    private static final String REMEMBER = """
            INSERT INTO remembered_identifier (row_number) SELECT CAST(:row AS BIGINT)
            WHERE NOT EXISTS (SELECT 1 FROM remembered_identifier WHERE row_number = :row)""";

    private static final String INSERT_MESSAGE =
            "INSERT INTO prekey_message (row_number, encoded) VALUES (:row, :encoded)";

    private static final String SELECT_MESSAGES =
            "SELECT row_number, encoded FROM prekey_message" + IN_RANGE + " ORDER BY row_number LIMIT :most";

    private static final String SELECT_IDENTIFIERS =
            "SELECT row_number FROM remembered_identifier" + IN_RANGE + " ORDER BY row_number LIMIT :most";

    private static final List<String> DELETE_BELONGINGS =
            List.of("DELETE FROM prekey_message" + IN_RANGE, "DELETE FROM remembered_identifier" + IN_RANGE);

    @Override
    public List<Ensemble> take(Handle handle, Take take, Set<Long> without, Instant now) throws SQLException {
        List<Long> ready = handle.createQuery(LOCK_READY)
                .bind("owner", take.owner())
                .bind("draft", take.draft().name())
                .bind("now", now.getEpochSecond())
                .mapTo(Long.class)
                .list();
        Takings takings = new Takings();
        for (long id : ready) {
            if (takings.size() >= take.most()) {
                break;
            }
            if (!without.contains(id)) {
                takeOldest(handle, take, new RowId(take.owner(), id), takings);
            }
        }
        return takings.whole();
    }

    private void takeOldest(Handle handle, Take take, RowId row, Takings takings) throws SQLException {
        Device device = handle.createQuery(SELECT_PROFILES)
                .bind("id", row.id())
                .map((found, context) -> new Device(
                        found.getLong("instance_tag"),
                        found.getString("versions"),
                        new Takings.Profiles(
                                Bytes.of(found.getBytes("client_profile")),
                                Bytes.of(found.getBytes("prekey_profile")))))
                .one();
        if (!device.speaksOneOf(take.versions())) {
            return;
        }
        List<Sequenced> oldest = messages(handle, row, 0, 1);
        if (oldest.isEmpty()) {
            return;
        }
        long sequence = oldest.get(0).sequence();
        if (!delete(
                handle, row,
                sequence)) { // whoever deleted it has no lock as we do, yet must stay the only one who gets it
            throw new SQLTransactionRollbackException("a prekey message was taken by another", "40001");
        }
        takings.add(
                row,
                DeviceTable.tag(device.tag()),
                device.profiles(),
                sequence,
                oldest.get(0).sealed(),
                countUpTo(handle, row, take.countUpTo()));
    }

    @Override
    public int count(Handle handle, RowId row) {
        return range(handle.createQuery(COUNT), row).mapTo(Integer.class).one();
    }

    @Override
    public int countUpTo(Handle handle, RowId row, int most) {
        return range(handle.createQuery(COUNT_UP_TO), row)
                .bind("most", Math.max(0, most)) // a negative one is refused
                .mapTo(Integer.class)
                .one();
    }

    /** A query for each device, since a subquery that is cut short can not name the row around it, and an uncut one reads all. */
    @Override
    public StockRows stock(Handle handle, int enough, long after, int most, Instant now) {
        StockRows rows = new StockRows();
        handle.createQuery(SELECT_HANDED_OUT)
                .bind("after", after)
                .bind("now", now.getEpochSecond())
                .bind("most", most)
                .mapTo(Long.class)
                .list()
                .forEach(id -> rows.add(countUpTo(handle, new RowId("", id), enough), 1, id)); // the id says it all
        return rows;
    }

    @Override
    public BitSet remember(Handle handle, RowId row, List<Integer> identifiers) {
        PreparedBatch batch = handle.prepareBatch(REMEMBER);
        for (int identifier : identifiers) {
            batch.bind("row", rowNumber(row, Integer.toUnsignedLong(identifier)))
                    .add();
        }
        int[] counts = batch.execute();
        BitSet fresh = new BitSet(counts.length);
        for (int i = 0; i < counts.length; i++) {
            fresh.set(i, counts[i] == 1);
        }
        return fresh;
    }

    @Override
    public void put(Handle handle, RowId row, List<Sequenced> messages) {
        PreparedBatch batch = handle.prepareBatch(INSERT_MESSAGE);
        for (Sequenced message : messages) {
            batch.bind("row", rowNumber(row, message.sequence()))
                    .bind("encoded", message.sealed().toByteArray())
                    .add();
        }
        batch.execute();
    }

    @Override
    public List<Sequenced> messages(Handle handle, RowId row, long from, int most) {
        return from(handle.createQuery(SELECT_MESSAGES), row, from)
                .bind("most", most)
                .map((found, context) -> new Sequenced(
                        found.getLong("row_number") & HIGHEST_NUMBER, Bytes.of(found.getBytes("encoded"))))
                .list();
    }

    @Override
    public List<Integer> identifiers(Handle handle, RowId row, long from, int most) {
        return from(handle.createQuery(SELECT_IDENTIFIERS), row, from)
                .bind("most", most)
                .map((found, context) -> (int) found.getLong("row_number"))
                .list();
    }

    @Override
    public void deleteBelongings(Handle handle, RowId row) {
        DELETE_BELONGINGS.forEach(
                statement -> range(handle.createUpdate(statement), row).execute());
    }

    @Override
    public boolean delete(Handle handle, RowId row, long sequence) {
        return handle.createUpdate(DELETE_MESSAGE)
                        .bind("row", rowNumber(row, sequence))
                        .execute()
                == 1;
    }

    private static <S extends SqlStatement<S>> S range(S statement, RowId row) {
        return from(statement, row, 0);
    }

    private static <S extends SqlStatement<S>> S from(S statement, RowId row, long from) {
        return statement.bind("first", rowNumber(row, from)).bind("last", rowNumber(row, HIGHEST_NUMBER));
    }

    private static long rowNumber(RowId row, long number) {
        return row.id() << NUMBER_BITS | number;
    }

    private record Device(long tag, String versions, Takings.Profiles profiles) {
        boolean speaksOneOf(String asked) {
            return Versions.digits(asked).chars().anyMatch(digit -> versions.indexOf(digit) >= 0);
        }
    }
}
