package prekeeper.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.wire.Draft;

/**
 * The store on a database.
 *
 * <p>Whoever changes or takes anything of a device locks its rows of table {@code device} first, in the order of their ids;
 * so publishers and takers of one account come one after the other, and of different accounts do not meet. A publication
 * locks all rows of its account. Since no lock of a row keeps others from adding the first one, publications of an account
 * also wait for each other in {@link #publishing}, or two of them could together be over a quota.
 */
public final class JdbcPrekeyStore implements PrekeyStore {
    private static final String SELECT_ROW = """
            SELECT id FROM device
            WHERE owner = :owner AND instance_tag = :tag AND long_term_key = :key AND expires_at > :now""";

    /** A Prekey Profile of another draft than the Client Profile would spoil the whole answer. */
    private static final String SELECT_READY_FOR_UPDATE = """
            SELECT id FROM device
            WHERE owner = :owner AND client_profile_draft = :draft AND prekey_profile_draft = :draft
              AND expires_at > :now AND prekey_profile_expires_at > :now
            ORDER BY id FOR UPDATE""";

    private static final String SELECT_PROFILES = """
            SELECT instance_tag, versions, client_profile, prekey_profile FROM device WHERE id = :id""";

    private static final String SELECT_OLDEST_MESSAGE = """
            SELECT row_number, encoded FROM prekey_message
            WHERE row_number BETWEEN :first AND :last ORDER BY row_number LIMIT 1""";

    private static final String DELETE_MESSAGE = "DELETE FROM prekey_message WHERE row_number = :row";

    private static final String SELECT_DRAFT = """
            SELECT client_profile_draft FROM device
            WHERE owner = :owner AND instance_tag = :tag AND in_use AND expires_at > :now""";

    private static final String SELECT_LATEST_DRAFT = """
            SELECT client_profile_draft FROM device WHERE owner = :owner AND in_use AND expires_at > :now
            ORDER BY client_profile_published_at DESC, id DESC LIMIT 1""";

    private static final int TURNS = 256; // accounts that share one wait for each other without need, for a moment

    private final H2Database database;
    private final Transactions transactions;
    private final Inventory inventory;
    private final BlockList blockList;

    /** Held while a publication is written, by the hash of its account. */
    private final List<Lock> publishing =
            Stream.<Lock>generate(ReentrantLock::new).limit(TURNS).toList();

    private JdbcPrekeyStore(H2Database database) {
        this.database = database;
        this.transactions =
                new Transactions(database.connections(), H2Database.CONNECTIONS, anyTaking -> database.force());
        this.inventory = new JdbcInventory(transactions);
        this.blockList = new JdbcBlockList(transactions);
    }

    /**
     * Opens the database, makes it when it is missing (its folders for the owner alone), and brings its tables up to date.
     *
     * @throws StorageException when that fails; its text is one line for the administrator: what, where, what to do
     */
    public static JdbcPrekeyStore open(StoreSettings settings) {
        return new JdbcPrekeyStore(H2Database.open(settings));
    }

    /** As {@link #open(StoreSettings)}, through file systems of H2: schemes, each with its colon. */
    static JdbcPrekeyStore open(StoreSettings settings, String fileSystem) {
        return new JdbcPrekeyStore(H2Database.open(settings, fileSystem));
    }

    /** What owners and administrators may ask of this store, as long as it is open. */
    public Inventory inventory() {
        return inventory;
    }

    /** Whom administrators have blocked; kept in this store's database. */
    public BlockList blockList() {
        return blockList;
    }

    @Override
    public PublicationResult publish(Publication publication, Quotas quotas, Instant now) {
        String owner = publication.device().owner();
        Lock turn = publishing.get(Math.floorMod(owner.hashCode(), TURNS));
        PublicationResult result;
        turn.lock();
        try {
            result = transactions.run(
                    "store a publication",
                    handle -> new PublicationWriter(handle, publication, quotas, now)
                            .write(DeviceTable.lockAccount(handle, owner)));
        } finally {
            turn.unlock();
        }
        if (result == PublicationResult.STORED) {
            transactions.force("store a publication");
        }
        return result;
    }

    @Override
    public int count(DeviceId device, Point longTermKey, Instant now) {
        return transactions.run("count prekey messages", handle -> {
            Optional<Long> id = handle.createQuery(SELECT_ROW)
                    .bind("owner", device.owner())
                    .bind("tag", DeviceTable.number(device.tag()))
                    .bind("key", longTermKey.encoded().toByteArray())
                    .bind("now", now.getEpochSecond())
                    .mapTo(Long.class)
                    .findOne();
            return id.map(row -> DeviceTable.count(handle, row)).orElse(0);
        });
    }

    @Override
    public List<Ensemble> takeEnsembles(Take take, Instant now) {
        List<Ensemble> taken = transactions.run("take prekey messages", handle -> takeAll(handle, take, now));
        if (!taken.isEmpty()) {
            transactions.force("take prekey messages");
        }
        return taken;
    }

    private static List<Ensemble> takeAll(Handle handle, Take take, Instant now) throws SQLException {
        List<Long> ready = handle.createQuery(SELECT_READY_FOR_UPDATE)
                .bind("owner", take.owner())
                .bind("draft", take.draft().name())
                .bind("now", now.getEpochSecond())
                .mapTo(Long.class)
                .list();
        List<Ensemble> taken = new ArrayList<>();
        for (long id : ready) {
            if (taken.size() >= take.most()) {
                break;
            }
            Profiles profiles = profiles(handle, take.owner(), id);
            if (profiles.speakOneOf(take.versions())) {
                takeOldest(handle, id)
                        .map(message -> profiles.with(message, DeviceTable.countUpTo(handle, id, take.countUpTo())))
                        .ifPresent(taken::add);
            }
        }
        return taken;
    }

    private static Profiles profiles(Handle handle, String owner, long id) {
        return handle.createQuery(SELECT_PROFILES)
                .bind("id", id)
                .map((row, context) -> new Profiles(
                        new DeviceId(owner, DeviceTable.tag(row.getLong("instance_tag"))),
                        row.getString("versions"),
                        Bytes.of(row.getBytes("client_profile")),
                        Bytes.of(row.getBytes("prekey_profile"))))
                .one();
    }

    /** Needs the lock on the device's row. */
    private static Optional<Bytes> takeOldest(Handle handle, long id) throws SQLException {
        Optional<Message> oldest = handle.createQuery(SELECT_OLDEST_MESSAGE)
                .bind("first", DeviceRow.firstRowNumber(id))
                .bind("last", DeviceRow.lastRowNumber(id))
                .map((row, context) -> Message.of(row))
                .findOne();
        if (oldest.isEmpty()) {
            return Optional.empty();
        }
        int deleted = handle.createUpdate(DELETE_MESSAGE)
                .bind("row", oldest.get().rowNumber())
                .execute();
        if (deleted != 1) { // whoever deleted it has no lock as we do, yet must stay the only one who gets it
            throw new SQLTransactionRollbackException("a prekey message was taken by another", "40001");
        }
        return Optional.of(oldest.get().encoded());
    }

    @Override
    public Optional<Draft> draftOf(DeviceId device, Instant now) {
        return transactions.run(
                "look a draft up",
                handle -> handle.createQuery(SELECT_DRAFT)
                        .bind("owner", device.owner())
                        .bind("tag", DeviceTable.number(device.tag()))
                        .bind("now", now.getEpochSecond())
                        .mapTo(String.class)
                        .findOne()
                        .map(Draft::valueOf));
    }

    @Override
    public Optional<Draft> latestDraft(String owner, Instant now) {
        return transactions.run(
                "look a draft up",
                handle -> handle.createQuery(SELECT_LATEST_DRAFT)
                        .bind("owner", owner)
                        .bind("now", now.getEpochSecond())
                        .mapTo(String.class)
                        .findOne()
                        .map(Draft::valueOf));
    }

    /** Lets running transactions end or fail, and gives the database's files back. Closing again does nothing. */
    @Override
    public void close() {
        transactions.close();
        database.close();
    }

    private record Message(long rowNumber, Bytes encoded) {
        static Message of(ResultSet row) throws SQLException {
            return new Message(row.getLong("row_number"), Bytes.of(row.getBytes("encoded")));
        }
    }

    /** A device's profiles, ready for a message. */
    private record Profiles(DeviceId device, String versions, Bytes clientProfile, Bytes prekeyProfile) {
        boolean speakOneOf(String asked) {
            return asked.chars().anyMatch(digit -> digit >= '0' && digit <= '9' && versions.indexOf(digit) >= 0);
        }

        Ensemble with(Bytes message, int remaining) {
            return new Ensemble(device, clientProfile, prekeyProfile, message, remaining);
        }
    }
}
