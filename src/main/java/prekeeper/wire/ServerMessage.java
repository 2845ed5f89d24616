package prekeeper.wire;

import prekeeper.crypto.Bytes;

/** What the server answers. */
public sealed interface ServerMessage
        permits Dake2, Success, Failure, StorageStatus, EnsembleRetrieval, NoPrekeyEnsembles {
    /** The device that it is meant for. */
    InstanceTag receiver();

    /** The bytes of the message in {@code draft}; those that it was decoded from, if it was. */
    Bytes encode(Draft draft);

    /** Decodes an answer, as a client that speaks {@code draft}. */
    static ServerMessage decode(Bytes message, Draft draft) throws MalformedMessageException {
        WireReader in = new WireReader(message, draft);
        MessageType type = in.header();
        ServerMessage answer = switch (type) {
            case DAKE_2 -> Dake2.read(in);
            case SUCCESS -> new Success(in.instanceTag(), in.mac());
            case FAILURE -> new Failure(in.instanceTag(), in.mac());
            case STORAGE_STATUS -> new StorageStatus(in.instanceTag(), in.int32(), in.mac());
            case ENSEMBLE_RETRIEVAL -> EnsembleRetrieval.read(in);
            case NO_PREKEY_ENSEMBLES -> NoPrekeyEnsembles.read(in);
            case DAKE_1, DAKE_3, PREKEY_PUBLICATION, STORAGE_INFORMATION_REQUEST, PREKEY_MESSAGE, ENSEMBLE_QUERY ->
                throw new MalformedMessageException(
                        String.format("message type %02x, which no server answers", type.code()));
        };
        in.finish();
        return answer;
    }
}
