package prekeeper.store;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Everything that a store has, expired or not, for those who verify it or move it: in a database or in a file. */
@FunctionalInterface
public interface Contents {
    /** The most identifiers that {@link Sink#rememberedIdentifiers} is shown at once. */
    int IDENTIFIERS_AT_ONCE = 1_000;

    /**
     * Shows, in this order: the devices, those that were stored first first, behind each its prekey messages, the oldest
     * first, and then its remembered identifiers in ascending order; then blocked entries and marks of takings.
     */
    void showTo(Sink sink) throws IOException;

    /** What takes what is shown. */
    interface Sink {
        /** An entry of the block list. */
        void blocked(String entry, Instant since) throws IOException;

        /**
         * How far one server has taken prekey messages out, by which it notices a database that is older than that.
         *
         * @param server the name in its file
         * @param forgiven it may adopt the mark, since everything that it could lack is spent
         */
        void takingMark(String server, long mark, boolean forgiven) throws IOException;

        void device(DeviceContents device) throws IOException;

        /**
         * A prekey message of the device before.
         *
         * @param sequence ascending, below {@link DeviceContents#nextSequence()}
         */
        void prekeyMessage(long sequence, StoredBytes encoded) throws IOException;

        /** Some of the identifiers that were ever stored for the device before, each an INT, unsigned. */
        void rememberedIdentifiers(List<Integer> identifiers) throws IOException;
    }
}
