package prekeeper.store;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/** The block list on a database. */
final class JdbcBlockList implements BlockList {
    private static final String SELECT = "SELECT entry FROM blocked";

    private static final String INSERT = """
            INSERT INTO blocked (entry, since) SELECT CAST(:entry AS CHARACTER VARYING), CAST(:since AS BIGINT)
            WHERE NOT EXISTS (SELECT 1 FROM blocked WHERE entry = :entry)""";

    private static final String DELETE = "DELETE FROM blocked WHERE entry = :entry";

    private final Transactions transactions;
    private final Durability durability;

    JdbcBlockList(Transactions transactions, Durability durability) {
        this.transactions = transactions;
        this.durability = durability;
    }

    @Override
    public SortedSet<String> blocked() {
        return transactions.run(
                "read the block list",
                handle -> Collections.unmodifiableSortedSet(new TreeSet<>(
                        handle.createQuery(SELECT).mapTo(String.class).list())));
    }

    @Override
    public boolean block(String entry, Instant now) {
        return durability.change("add to the block list", handle -> insert(handle, entry, now)) > 0;
    }

    /** Adds an entry inside a transaction; says how many: 1, or 0 when it is there already. */
    static int insert(Handle handle, String entry, Instant since) {
        return handle.createUpdate(INSERT)
                .bind("entry", entry)
                .bind("since", since.getEpochSecond())
                .execute();
    }

    @Override
    public boolean unblock(String entry) {
        int removed = durability.change(
                "remove from the block list",
                handle -> handle.createUpdate(DELETE).bind("entry", entry).execute());
        return removed > 0;
    }
}
