package prekeeper.store;

import java.time.Instant;
import prekeeper.crypto.Point;
import prekeeper.wire.InstanceTag;

/**
 * What a publisher needs to know of a row of table {@code device}.
 *
 * @param id above 0, at most 31 bits
 * @param inUse a Client Profile was published under this key
 * @param nextSequence what the next prekey message is stored under, unsigned 32 bits
 */
record DeviceRow(long id, InstanceTag tag, Point longTermKey, long expiresAt, boolean inUse, long nextSequence) {
    private static final int NUMBER_BITS = 32;

    boolean isExpired(Instant now) {
        return expiresAt <= now.getEpochSecond();
    }

    /** Whether it belongs to the device of {@code publication}, under whatever key. */
    boolean isOfDevice(Publication publication) {
        return tag.equals(publication.device().tag());
    }

    boolean isOfKey(Publication publication) {
        return isOfDevice(publication) && longTermKey.equals(publication.longTermKey());
    }

    /**
     * The row number of something that belongs to a device.
     *
     * @param number unsigned 32 bits: a message's sequence or a remembered identifier
     */
    static long rowNumber(long id, long number) {
        return id << NUMBER_BITS | number;
    }

    static long firstRowNumber(long id) {
        return rowNumber(id, 0);
    }

    static long lastRowNumber(long id) {
        return rowNumber(id, 0xFFFF_FFFFL);
    }
}
