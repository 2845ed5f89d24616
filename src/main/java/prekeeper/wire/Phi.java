package prekeeper.wire;

import prekeeper.crypto.Bytes;

/** What both sides of a handshake know of its surroundings: the spec's phi (docs/protocol.md, "The handshake"). */
public final class Phi {
    private Phi() {}

    /**
     * DATA publisher, DATA server, in this order and never sorted.
     *
     * @param publisher the bare JID, prepared
     * @param server the component's JID, prepared
     */
    public static Bytes encode(String publisher, String server) {
        return new WireWriter().text(publisher).text(server).toBytes();
    }
}
