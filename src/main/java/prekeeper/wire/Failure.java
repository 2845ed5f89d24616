package prekeeper.wire;

import prekeeper.crypto.Bytes;

/**
 * What was asked for in an authenticated handshake was refused (prekey server spec, "Failure Message").
 *
 * <pre>INT receiver | MAC</pre>
 */
public record Failure(InstanceTag receiver, Bytes mac) implements ServerMessage {
    @Override
    public Bytes encode(Draft draft) {
        return new WireWriter()
                .header(MessageType.FAILURE)
                .instanceTag(receiver)
                .mac(mac)
                .toBytes();
    }
}
