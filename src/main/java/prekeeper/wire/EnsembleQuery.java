package prekeeper.wire;

import prekeeper.crypto.Bytes;

/**
 * Asks for somebody's prekey ensembles (prekey server spec, "Prekey Ensemble Query Retrieval message").
 *
 * <pre>INT sender | DATA identity | DATA versions</pre>
 *
 * @param identity whose; UTF-8 of at most 3071 bytes, not prepared, echoed in the answer
 * @param versions the OTR versions asked for, one char a byte, at most 32; what is no digit means nothing
 */
public record EnsembleQuery(InstanceTag sender, String identity, String versions) implements ClientMessage {
    private static final int MOST_VERSIONS = 32;

    /** Decodes a query, which is the same in all drafts. */
    public static EnsembleQuery decode(Bytes message) throws MalformedMessageException {
        WireReader in = new WireReader(message);
        in.expect(MessageType.ENSEMBLE_QUERY);
        EnsembleQuery query = new EnsembleQuery(
                in.instanceTag(), in.text(WireReader.MOST_IDENTITY_BYTES), in.versions(MOST_VERSIONS));
        in.finish();
        return query;
    }

    @Override
    public Bytes encode() {
        return new WireWriter()
                .header(MessageType.ENSEMBLE_QUERY)
                .instanceTag(sender)
                .text(identity)
                .versions(versions)
                .toBytes();
    }
}
