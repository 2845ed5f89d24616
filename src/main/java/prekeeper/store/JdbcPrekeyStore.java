package prekeeper.store;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import prekeeper.crypto.Point;
import prekeeper.wire.Draft;

/**
 * The store on a database.
 *
 * <p>Whoever changes anything of a device locks its rows of table {@code device} first, in the order of their ids. A publication
 * locks all rows of its account, and adds a row in the lowest free slot, which only one can have; so two of them are never
 * over a quota together. Who takes does so in the way that suits the engine ({@link Tables}).
 */
public final class JdbcPrekeyStore implements PrekeyStore {
    private static final String SELECT_ROW = """
            SELECT id FROM device
            WHERE owner = :owner AND instance_tag = :tag AND long_term_key = :key AND expires_at > :now""";

    private static final String SELECT_DRAFT = """
            SELECT client_profile_draft FROM device
            WHERE owner = :owner AND instance_tag = :tag AND in_use AND expires_at > :now""";

    private static final String SELECT_LATEST_DRAFT = """
            SELECT client_profile_draft FROM device WHERE owner = :owner AND in_use AND expires_at > :now
            ORDER BY client_profile_published_at DESC, id DESC LIMIT 1""";

    private final Database database;
    private final Tables tables;
    private final Transactions transactions;
    private final Durability durability;
    private final Inventory inventory;
    private final BlockList blockList;
    private final StoreContents contents;
    private final Damage damage = new Damage();

    /** Takes both over. */
    JdbcPrekeyStore(Database database, Optional<TakingMark> mark) {
        this.database = database;
        this.tables = database.tables();
        this.transactions = new Transactions(database);
        this.durability = new Durability(database, transactions, mark);
        this.inventory = new JdbcInventory(database, transactions, durability);
        this.blockList = new JdbcBlockList(transactions, durability);
        this.contents = new JdbcContents(database, transactions, durability);
    }

    /**
     * Opens the database, makes it when it is missing (its folders for the owner alone), and brings its tables up to date. When
     * it turns out to be older than what was handed out, all prekey messages in it are marked as spent.
     *
     * @param listener hears of prekey messages that were marked as spent, at once and while the store is open; must not use the
     *     store
     * @throws StorageException when that fails; its text is one line for the administrator: what, where, what to do
     */
    public static JdbcPrekeyStore open(StoreSettings settings, Consumer<SpentPrekeys> listener) {
        return open(Database.open(settings), settings, listener);
    }

    /** The same where nobody listens, such as without a takings file. */
    public static JdbcPrekeyStore open(StoreSettings settings) {
        return open(settings, spent -> {});
    }

    /** On a database that is open; it is closed when this fails, or with the store. */
    static JdbcPrekeyStore open(Database database, StoreSettings settings, Consumer<SpentPrekeys> listener) {
        try {
            return new JdbcPrekeyStore(
                    database,
                    settings.takingsFile().map(file -> TakingMark.open(TakingsFile.open(file), database, listener)));
        } catch (RuntimeException failed) {
            database.close();
            throw failed;
        }
    }

    /** What owners and administrators may ask of this store, as long as it is open. */
    public Inventory inventory() {
        return inventory;
    }

    /** Whom administrators have blocked; kept in this store's database. */
    public BlockList blockList() {
        return blockList;
    }

    /** Everything that is in this store's database, to be verified or moved. */
    public StoreContents contents() {
        return contents;
    }

    @Override
    public PublicationResult publish(Publication publication, Quotas quotas, Instant now) {
        String owner = publication.device().owner();
        return durability.change(
                "store a publication",
                handle -> new PublicationWriter(handle, tables, publication, quotas, now)
                        .write(DeviceTable.lockAccount(handle, owner)),
                result -> result == PublicationResult.STORED);
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
            return id.map(row -> tables.count(handle, new RowId(device.owner(), row)))
                    .orElse(0);
        });
    }

    @Override
    public List<Ensemble> takeEnsembles(Take take, Instant now) {
        Set<Long> without = new HashSet<>();
        while (true) {
            try {
                return durability.taking(
                        "take prekey messages",
                        handle -> tables.take(handle, take, without, now),
                        taken -> !taken.isEmpty());
            } catch (DamagedException damaged) {
                damage.tell(damaged);
                without.addAll(damaged.profiles());
                remove(damaged.messages());
            }
        }
    }

    /** What is damaged is of no use to anybody, and stands before what is. */
    private void remove(List<DamagedException.Message> messages) {
        transactions.run("remove damaged prekey messages", handle -> {
            messages.forEach(message -> tables.delete(handle, message.row(), message.sequence()));
            return messages;
        });
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
        database.endPatience();
        transactions.close();
        durability.close();
        database.close();
    }
}
