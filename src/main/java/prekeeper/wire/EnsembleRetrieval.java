package prekeeper.wire;

import java.util.ArrayList;
import java.util.List;
import prekeeper.crypto.Bytes;

/**
 * Somebody's prekey ensembles, one a device (prekey server spec, "Prekey Ensemble Retrieval message").
 *
 * <pre>INT receiver | DATA identity | L, whose length is the draft's | L ensembles</pre>
 *
 * @param identity as the query wrote it
 * @param ensembles at most 255 in the DEPLOYED draft; in the draft that the message is encoded in
 */
public record EnsembleRetrieval(InstanceTag receiver, String identity, List<PrekeyEnsemble> ensembles)
        implements ServerMessage {
    public EnsembleRetrieval {
        ensembles = List.copyOf(ensembles);
    }

    static EnsembleRetrieval read(WireReader in) throws MalformedMessageException {
        InstanceTag receiver = in.instanceTag();
        String identity = in.text(WireReader.MOST_IDENTITY_BYTES);
        int count = in.ensembleCount();
        List<PrekeyEnsemble> ensembles = new ArrayList<>(); // grows with what is there, not with what the count says
        for (int read = 0; read < count; read++) {
            ensembles.add(PrekeyEnsemble.read(in));
        }
        return new EnsembleRetrieval(receiver, identity, ensembles);
    }

    @Override
    public Bytes encode(Draft draft) {
        WireWriter out = new WireWriter(draft)
                .header(MessageType.ENSEMBLE_RETRIEVAL)
                .instanceTag(receiver)
                .text(identity)
                .ensembleCount(ensembles.size());
        ensembles.forEach(ensemble -> ensemble.writeTo(out));
        return out.toBytes();
    }
}
