package prekeeper.wire;

import prekeeper.crypto.Bytes;

/**
 * Nothing to hand out, for an unknown account and an empty one alike (prekey server spec, "No Prekey Ensembles in Storage
 * message").
 *
 * <pre>INT receiver | DATA identity | DATA text</pre>
 *
 * @param identity as the query wrote it
 * @param text for people; ours is {@link #TEXT}
 */
public record NoPrekeyEnsembles(InstanceTag receiver, String identity, String text) implements ServerMessage {
    /** The text that the specification prescribes, word for word. */
    public static final String TEXT = "No Prekey Messages available for this identity";

    private static final int MOST_TEXT_BYTES = 1024;

    static NoPrekeyEnsembles read(WireReader in) throws MalformedMessageException {
        return new NoPrekeyEnsembles(
                in.instanceTag(), in.text(WireReader.MOST_IDENTITY_BYTES), in.text(MOST_TEXT_BYTES));
    }

    @Override
    public Bytes encode(Draft draft) {
        return new WireWriter()
                .header(MessageType.NO_PREKEY_ENSEMBLES)
                .instanceTag(receiver)
                .text(identity)
                .text(text)
                .toBytes();
    }
}
