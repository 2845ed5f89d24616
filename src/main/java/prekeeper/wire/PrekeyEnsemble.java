package prekeeper.wire;

/**
 * All that is needed to write to one device that is offline.
 *
 * <pre>CLIENT-PROF | PREKEY-PROF | prekey message</pre>
 */
public record PrekeyEnsemble(ClientProfile clientProfile, PrekeyProfile prekeyProfile, PrekeyMessage prekeyMessage) {

    static PrekeyEnsemble read(WireReader in) throws MalformedMessageException {
        return new PrekeyEnsemble(ClientProfile.read(in), PrekeyProfile.read(in), PrekeyMessage.read(in));
    }

    void writeTo(WireWriter out) {
        clientProfile.writeTo(out);
        prekeyProfile.writeTo(out);
        prekeyMessage.writeTo(out);
    }
}
