package prekeeper.store;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What owners and administrators ask of a store and do to it, beside the promise of {@link PrekeyStore}.
 *
 * <p>Thread-safe. Every method throws {@link StorageException} when the database gave no answer. What changes is on disk
 * when a method returns.
 */
public interface Inventory {

    /** The unexpired devices of an account, those that wait for their Client Profile included, by instance tag. */
    List<StoredDevice> devices(String owner, Instant now);

    /** Removes everything that is stored of one device, under all its keys; false when there was nothing. */
    boolean forget(DeviceId device);

    /** Removes everything that is stored of an account, and says of how many devices. */
    int forget(String owner);

    /**
     * Looks through the devices that are handed out (unexpired Client Profile) for those with few prekey messages.
     *
     * @param mark how many prekey messages are few: this many or less
     * @param after where to begin: 0, or {@link LowStock#next()} of the page before
     * @param most the most devices that are looked at, in the order in which they were first stored
     */
    LowStock lowOnStock(int mark, long after, int most, Instant now);

    /**
     * Counts the prekey messages of devices that are handed out (unexpired Client Profile), a page of devices at a time.
     *
     * @param enough how far the prekey messages of a device are counted
     * @param after where to begin: 0, or {@link Stock#next()} of the page before
     * @param most the most devices that are looked at, at least one, in the order in which they were first stored
     */
    Stock stock(int enough, long after, int most, Instant now);

    /**
     * Removes devices that have expired and all that is stored of them, the longest expired first, in small transactions.
     *
     * @param most the most devices that are removed
     * @return how many were; 0 when there are none, or others were about to remove or renew those that were found
     */
    int removeExpired(int most, Instant now);

    /**
     * Removes Prekey Profiles that have expired, the longest expired first, in small transactions. What else is stored of their
     * devices stays: they may publish another one.
     *
     * @param most the most Prekey Profiles that are removed
     * @return how many were, as with {@link #removeExpired}
     */
    int removeExpiredPrekeyProfiles(int most, Instant now);

    /** How much is stored, expired or not. */
    StoreCounts counts();

    /**
     * Writes a consistent copy of the database to a new file, readable by its owner only, while it is used.
     *
     * @param file absolute; nothing may be there yet
     * @throws StorageException when that fails, in one line for administrators; then nothing is left there
     */
    void backUp(Path file);

    /** Returns when the database has answered something that costs it nothing. */
    void ping();

    /** Name and version of the database, such as {@code H2 2.4.240}. */
    String engine();
}
