package prekeeper.store;

import java.io.IOException;

/**
 * The contents of a database.
 *
 * <p>Thread-safe. Every method throws {@link StorageException} when the database gave no answer.
 */
public interface StoreContents extends Contents {

    /** Shows everything as it is at one moment, however long that takes and whoever changes it meanwhile. */
    @Override
    void showTo(Sink sink) throws IOException;

    /**
     * Stores everything that {@code contents} shows, or nothing when it throws, in a store without devices.
     *
     * @throws StorageException also when the store has devices, or gets some from elsewhere meanwhile
     */
    void fillFrom(Contents contents) throws IOException;

    /**
     * Deletes all prekey messages, whose identifiers stay remembered, as any of them may have been handed out; so servers need
     * not do so again when they notice that the database is older than what they handed out.
     *
     * @return how many there were
     */
    long spend();
}
