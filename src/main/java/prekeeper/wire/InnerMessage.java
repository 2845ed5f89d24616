package prekeeper.wire;

import prekeeper.crypto.Bytes;

/** What a DAKE-3 holds, and nothing else does: a type of its own, so that it cannot be decoded at top level. */
public sealed interface InnerMessage permits PrekeyPublication, StorageInformationRequest {
    /** The authenticator under the key of the handshake, 64 bytes. */
    Bytes mac();

    /** The bytes of the message; those that it was decoded from, if it was. */
    Bytes encode();

    /** Decodes what the DAKE-3 of a handshake in {@code draft} held. */
    static InnerMessage decode(Bytes message, Draft draft) throws MalformedMessageException {
        WireReader in = new WireReader(message, draft);
        MessageType type = in.header();
        InnerMessage inner = switch (type) {
            case PREKEY_PUBLICATION -> PrekeyPublication.read(in);
            case STORAGE_INFORMATION_REQUEST -> new StorageInformationRequest(in.mac());
            case DAKE_1,
                    DAKE_2,
                    DAKE_3,
                    SUCCESS,
                    FAILURE,
                    STORAGE_STATUS,
                    PREKEY_MESSAGE,
                    ENSEMBLE_QUERY,
                    ENSEMBLE_RETRIEVAL,
                    NO_PREKEY_ENSEMBLES ->
                throw new MalformedMessageException(
                        String.format("message type %02x inside of a DAKE-3, 08 and 09 allowed", type.code()));
        };
        in.finish();
        return inner;
    }
}
