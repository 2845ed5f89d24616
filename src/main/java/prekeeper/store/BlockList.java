package prekeeper.store;

import java.time.Instant;
import java.util.SortedSet;

/**
 * Whom administrators have blocked, for as long as the store lives. What an entry means (an account, a domain) is not known
 * here.
 *
 * <p>Thread-safe. Every method throws {@link StorageException} when the database gave no answer. What changes is on disk
 * when a method returns.
 */
public interface BlockList {

    /** All entries. */
    SortedSet<String> blocked();

    /** Adds an entry; false when it is there already. */
    boolean block(String entry, Instant now);

    /** Removes an entry; false when it is not there. */
    boolean unblock(String entry);
}
