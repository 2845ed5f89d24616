package prekeeper.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import prekeeper.crypto.Bytes;

/**
 * What belongs to rows of table {@code device}, prekey messages and remembered identifiers, in the shape and with the locks that suit
 * an engine. Every method works inside the transaction of {@code handle}. Thread-safe.
 */
interface Tables {

    /**
     * {@link PrekeyStore#takeEnsembles} inside of a transaction.
     *
     * @param without rows whose devices are left out
     * @throws DamagedException when something that would have been handed out is not what was stored; the transaction has to be
     *     rolled back
     * @throws SQLException when another transaction is in the way
     */
    List<Ensemble> take(Handle handle, Take take, Set<Long> without, Instant now) throws DamagedException, SQLException;

    /** The prekey messages of a row. */
    int count(Handle handle, RowId row);

    /** The prekey messages of a row, counted no further than {@code most}. */
    int countUpTo(Handle handle, RowId row, int most);

    /**
     * The devices that are handed out, in the order of their ids, each counted no further than {@code enough}.
     *
     * @param after the id that they follow
     */
    StockRows stock(Handle handle, int enough, long after, int most, Instant now);

    /**
     * Remembers identifiers for as long as the row lives; needs the lock on it.
     *
     * @return by position, which ones are new; all others were stored before, whatever became of their messages
     */
    BitSet remember(Handle handle, RowId row, List<Integer> identifiers);

    /** Adds prekey messages in their order; needs the lock on the row. */
    default void add(Handle handle, RowId row, long firstSequence, List<Bytes> messages) {
        List<Sequenced> sequenced = new ArrayList<>();
        for (Bytes message : messages) {
            sequenced.add(new Sequenced(firstSequence + sequenced.size(), Bytes.of(Checked.seal(message))));
        }
        put(handle, row, sequenced);
    }

    /** Adds prekey messages under sequence numbers that they have; needs the lock on the row. */
    void put(Handle handle, RowId row, List<Sequenced> messages);

    /** Prekey messages of a row, sealed, in their order, from a sequence number on. */
    List<Sequenced> messages(Handle handle, RowId row, long from, int most);

    /** Remembered identifiers of a row, unsigned, in ascending order, from one on. */
    List<Integer> identifiers(Handle handle, RowId row, long from, int most);

    /**
     * A prekey message in its place.
     *
     * @param sealed as {@link Checked} seals it
     */
    record Sequenced(long sequence, Bytes sealed) {}

    /** Deletes messages and identifiers; needs the lock on the row. */
    void deleteBelongings(Handle handle, RowId row);

    /** Deletes one prekey message; false when it is gone. */
    boolean delete(Handle handle, RowId row, long sequence);

    /** Deletes all prekey messages of everybody and says how many; identifiers stay remembered. H2 commits with it. */
    default long spendAll(Handle handle) {
        long spent = handle.createQuery("SELECT COUNT(*) FROM prekey_message")
                .mapTo(Long.class)
                .one();
        // one by one, millions could take more memory than H2 has, and longer than PostgreSQL may be silent
        handle.execute("TRUNCATE TABLE prekey_message");
        return spent;
    }
}
