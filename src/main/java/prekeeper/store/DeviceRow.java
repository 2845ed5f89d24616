package prekeeper.store;

import java.time.Instant;
import prekeeper.crypto.Point;
import prekeeper.wire.InstanceTag;

/**
 * What a publisher needs to know of a row of table {@code device}.
 *
 * @param slot no other row of the account has it
 * @param inUse a Client Profile was published under this key
 * @param nextSequence what the next prekey message is stored under, unsigned 32 bits
 */
record DeviceRow(
        RowId id, InstanceTag tag, Point longTermKey, int slot, long expiresAt, boolean inUse, long nextSequence) {

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
}
