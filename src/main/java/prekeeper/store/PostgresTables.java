package prekeeper.store;

import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;
import prekeeper.crypto.Bytes;

/**
 * The tables of PostgreSQL, whose keys all begin with the owner. Takers of one device do not wait for each other: each skips the
 * messages that others have locked.
 */
final class PostgresTables implements Tables {
    private static final String OF_ROW = " WHERE owner = :owner AND device = :device";

    /**
     * One statement is one round trip. {@code stored} is counted before the deletion. A Prekey Profile of another draft than
     * the Client Profile would spoil the whole answer.
     */
    private static final String TAKE = """
            WITH ready AS MATERIALIZED (
              SELECT id, instance_tag, client_profile, prekey_profile FROM device
              WHERE owner = :owner AND client_profile_draft = :draft AND prekey_profile_draft = :draft
                AND expires_at > :now AND prekey_profile_expires_at > :now
                AND versions ~ :versions AND NOT id = ANY (:without)),
            picked AS MATERIALIZED (
              SELECT ready.id, oldest.sequence FROM ready CROSS JOIN LATERAL (
                SELECT sequence FROM prekey_message WHERE owner = :owner AND device = ready.id
                ORDER BY sequence LIMIT 1 FOR UPDATE SKIP LOCKED) oldest
              ORDER BY ready.id LIMIT :most),
            taken AS (
              DELETE FROM prekey_message USING picked
              WHERE prekey_message.owner = :owner AND prekey_message.device = picked.id
                AND prekey_message.sequence = picked.sequence
              RETURNING prekey_message.device, prekey_message.sequence, prekey_message.encoded)
            SELECT ready.id, ready.instance_tag, ready.client_profile, ready.prekey_profile,
              taken.sequence, taken.encoded,
              (SELECT COUNT(*) FROM (
                SELECT 1 FROM prekey_message WHERE owner = :owner AND device = ready.id LIMIT :enough) counted) stored
            FROM ready LEFT JOIN taken ON taken.device = ready.id ORDER BY ready.id""";

    private static final String COUNT = "SELECT COUNT(*) FROM prekey_message" + OF_ROW;

    private static final String COUNT_UP_TO =
            "SELECT COUNT(*) FROM (SELECT 1 FROM prekey_message" + OF_ROW + " LIMIT :most) counted";

    private static final String STOCK = """
            SELECT stored, COUNT(*) devices, MAX(id) last FROM (
              SELECT id, (SELECT COUNT(*) FROM (
                SELECT 1 FROM prekey_message
                WHERE prekey_message.owner = device.owner AND prekey_message.device = device.id LIMIT :enough) counted) stored
              FROM device WHERE id > :after AND in_use AND expires_at > :now ORDER BY id LIMIT :most) page
            GROUP BY stored""";

    private static final String REMEMBER = """
            INSERT INTO remembered_identifier (owner, device, identifier)
            SELECT :owner, :device, identifier FROM UNNEST(:identifiers) identifier
            ON CONFLICT DO NOTHING RETURNING identifier""";

    private static final String INSERT_MESSAGE = """
            INSERT INTO prekey_message (owner, device, sequence, encoded) VALUES (:owner, :device, :sequence, :encoded)""";

    private static final String SELECT_MESSAGES = "SELECT sequence, encoded FROM prekey_message" + OF_ROW
            + " AND sequence >= :from ORDER BY sequence LIMIT :most";

    private static final String SELECT_IDENTIFIERS = "SELECT identifier FROM remembered_identifier" + OF_ROW
            + " AND identifier >= :from ORDER BY identifier LIMIT :most";

    private static final List<String> DELETE_BELONGINGS =
            List.of("DELETE FROM prekey_message" + OF_ROW, "DELETE FROM remembered_identifier" + OF_ROW);

    private static final String DELETE_MESSAGE = "DELETE FROM prekey_message" + OF_ROW + " AND sequence = :sequence";

    @Override
    public List<Ensemble> take(Handle handle, Take take, Set<Long> without, Instant now) throws SQLException {
        String digits = Versions.digits(take.versions());
        if (digits.isEmpty()) {
            return List.of();
        }
        List<Found> found = handle.createQuery(TAKE)
                .bind("owner", take.owner())
                .bind("draft", take.draft().name())
                .bind("now", now.getEpochSecond())
                .bind("versions", "[" + digits + "]")
                .bindArray("without", Long.class, without)
                .bind("most", take.most())
                .bind("enough", Math.max(0L, take.countUpTo()) + 1) // and the one that is taken
                .map((row, context) -> new Found(
                        row.getLong("id"),
                        row.getLong("instance_tag"),
                        new Takings.Profiles(
                                Bytes.of(row.getBytes("client_profile")), Bytes.of(row.getBytes("prekey_profile"))),
                        row.getLong("sequence"),
                        Optional.ofNullable(row.getBytes("encoded")).map(Bytes::of),
                        row.getInt("stored")))
                .list();
        Takings takings = new Takings();
        for (Found device : found) {
            RowId row = new RowId(take.owner(), device.id());
            device.message()
                    .ifPresent(message -> takings.add(
                            row,
                            DeviceTable.tag(device.tag()),
                            device.profiles(),
                            device.sequence(),
                            message,
                            device.stored() - 1));
        }
        boolean room = takings.size() < take.most();
        if (room && found.stream().anyMatch(device -> device.message().isEmpty() && device.stored() > 0)) {
            // not empty: others hold what it has, and may yet give it back
            throw new SQLTransactionRollbackException("all prekey messages of a device are locked", "40001");
        }
        return takings.whole();
    }

    @Override
    public int count(Handle handle, RowId row) {
        return of(handle.createQuery(COUNT), row).mapTo(Integer.class).one();
    }

    @Override
    public int countUpTo(Handle handle, RowId row, int most) {
        return of(handle.createQuery(COUNT_UP_TO), row)
                .bind("most", Math.max(0, most))
                .mapTo(Integer.class)
                .one();
    }

    @Override
    public StockRows stock(Handle handle, int enough, long after, int most, Instant now) {
        StockRows rows = new StockRows();
        handle.createQuery(STOCK)
                .bind("enough", Math.max(0, enough))
                .bind("after", after)
                .bind("now", now.getEpochSecond())
                .bind("most", most)
                .map((row, context) -> new Counted(row.getInt("stored"), row.getInt("devices"), row.getLong("last")))
                .forEach(counted -> rows.add(counted.stored(), counted.devices(), counted.last()));
        return rows;
    }

    private record Counted(int stored, int devices, long last) {}

    @Override
    public BitSet remember(Handle handle, RowId row, List<Integer> identifiers) {
        List<Long> numbers = identifiers.stream().map(Integer::toUnsignedLong).toList();
        Set<Long> fresh = new HashSet<>(of(handle.createQuery(REMEMBER), row)
                .bindArray("identifiers", Long.class, numbers)
                .mapTo(Long.class)
                .list());
        BitSet positions = new BitSet(numbers.size());
        for (int i = 0; i < numbers.size(); i++) {
            positions.set(i, fresh.remove(numbers.get(i))); // the first one of two equal ones
        }
        return positions;
    }

    @Override
    public void put(Handle handle, RowId row, List<Sequenced> messages) {
        PreparedBatch batch = handle.prepareBatch(INSERT_MESSAGE);
        for (Sequenced message : messages) {
            batch.bind("owner", row.owner())
                    .bind("device", row.id())
                    .bind("sequence", message.sequence())
                    .bind("encoded", message.sealed().toByteArray())
                    .add();
        }
        batch.execute();
    }

    @Override
    public List<Sequenced> messages(Handle handle, RowId row, long from, int most) {
        return of(handle.createQuery(SELECT_MESSAGES), row)
                .bind("from", from)
                .bind("most", most)
                .map((found, context) -> new Sequenced(found.getLong("sequence"), Bytes.of(found.getBytes("encoded"))))
                .list();
    }

    @Override
    public List<Integer> identifiers(Handle handle, RowId row, long from, int most) {
        return of(handle.createQuery(SELECT_IDENTIFIERS), row)
                .bind("from", from)
                .bind("most", most)
                .map((found, context) -> (int) found.getLong("identifier"))
                .list();
    }

    @Override
    public void deleteBelongings(Handle handle, RowId row) {
        DELETE_BELONGINGS.forEach(
                statement -> of(handle.createUpdate(statement), row).execute());
    }

    @Override
    public boolean delete(Handle handle, RowId row, long sequence) {
        return of(handle.createUpdate(DELETE_MESSAGE), row)
                        .bind("sequence", sequence)
                        .execute()
                == 1;
    }

    private static <S extends SqlStatement<S>> S of(S statement, RowId row) {
        return statement.bind("owner", row.owner()).bind("device", row.id());
    }

    private record Found(
            long id, long tag, Takings.Profiles profiles, long sequence, Optional<Bytes> message, int stored) {}
}
