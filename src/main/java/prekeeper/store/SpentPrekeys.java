package prekeeper.store;

/**
 * The database turned out to be older than what was handed out, as after a backup was put back, and all prekey messages in it were
 * marked as spent: any of them may have been handed out before. Their owners can not be written to until they publish new
 * ones.
 *
 * @param prekeyMessages how many there were
 */
public record SpentPrekeys(long prekeyMessages, Occasion occasion) {

    /** When it was noticed. */
    public enum Occasion {
        /** While the store was opened. */
        START,
        /** While it was used: the database was exchanged under it. */
        RUNNING
    }
}
