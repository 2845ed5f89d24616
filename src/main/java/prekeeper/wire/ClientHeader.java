package prekeeper.wire;

import prekeeper.crypto.Bytes;

/**
 * How every message of a client begins. It tells whose handshake is meant, hence the draft, before the rest is decoded.
 *
 * <pre>SHORT 4 | BYTE type | INT sender</pre>
 *
 * @param type one of those of {@link ClientMessage}
 */
public record ClientHeader(MessageType type, InstanceTag sender) {

    /**
     * Reads the first seven bytes of {@code message} and none after them. Refuses what only the server sends and what only a
     * DAKE-3 may hold: a publication outside of one would bypass the ring signature.
     */
    public static ClientHeader read(Bytes message) throws MalformedMessageException {
        WireReader in = new WireReader(message);
        MessageType type = in.header();
        return switch (type) {
            case DAKE_1, DAKE_3, ENSEMBLE_QUERY -> new ClientHeader(type, in.instanceTag());
            case PREKEY_PUBLICATION, STORAGE_INFORMATION_REQUEST, PREKEY_MESSAGE ->
                throw new MalformedMessageException(
                        String.format("message type %02x, allowed inside of others only", type.code()));
            case DAKE_2, SUCCESS, FAILURE, STORAGE_STATUS, ENSEMBLE_RETRIEVAL, NO_PREKEY_ENSEMBLES ->
                throw new MalformedMessageException(
                        String.format("message type %02x, which only the server sends", type.code()));
        };
    }
}
