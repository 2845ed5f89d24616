package prekeeper.wire;

import prekeeper.crypto.Bytes;

/**
 * What was published is stored (prekey server spec, "Success Message").
 *
 * <pre>INT receiver | MAC</pre>
 */
public record Success(InstanceTag receiver, Bytes mac) implements ServerMessage {
    @Override
    public Bytes encode(Draft draft) {
        return new WireWriter()
                .header(MessageType.SUCCESS)
                .instanceTag(receiver)
                .mac(mac)
                .toBytes();
    }
}
