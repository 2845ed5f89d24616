package prekeeper.wire;

import prekeeper.crypto.Bytes;

/**
 * How many prekey messages are stored (prekey server spec, "Storage Status Message").
 *
 * <pre>INT receiver | INT count | MAC</pre>
 *
 * @param count INT, unsigned
 */
public record StorageStatus(InstanceTag receiver, int count, Bytes mac) implements ServerMessage {
    @Override
    public Bytes encode(Draft draft) {
        return new WireWriter()
                .header(MessageType.STORAGE_STATUS)
                .instanceTag(receiver)
                .int32(count)
                .mac(mac)
                .toBytes();
    }
}
