package prekeeper.wire;

import prekeeper.crypto.Bytes;

/**
 * How every message of the server begins, the same in all drafts.
 *
 * <pre>SHORT 4 | BYTE type | INT receiver</pre>
 */
public record ServerHeader(MessageType type, InstanceTag receiver) {

    /** Reads the first seven bytes of {@code message} and none after them. */
    public static ServerHeader read(Bytes message) throws MalformedMessageException {
        WireReader in = new WireReader(message);
        return new ServerHeader(in.header(), in.instanceTag());
    }
}
