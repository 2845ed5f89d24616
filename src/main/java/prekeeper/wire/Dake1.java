package prekeeper.wire;

import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;

/**
 * Opens a handshake (prekey server spec, "DAKE-1 Message"). Its Client Profile tells the draft of the whole handshake.
 *
 * <pre>INT sender | CLIENT-PROF profile | POINT ephemeral, the spec's I</pre>
 */
public record Dake1(InstanceTag sender, ClientProfile profile, Point ephemeral) implements ClientMessage {

    public static Dake1 decode(Bytes message) throws MalformedMessageException {
        WireReader in = new WireReader(message);
        in.expect(MessageType.DAKE_1);
        Dake1 dake1 = new Dake1(in.instanceTag(), ClientProfile.read(in), in.point());
        in.finish();
        return dake1;
    }

    /** The draft that the handshake is spoken in. */
    public Draft draft() {
        return profile.draft();
    }

    @Override
    public Bytes encode() {
        WireWriter out = new WireWriter().header(MessageType.DAKE_1).instanceTag(sender);
        profile.writeTo(out);
        return out.point(ephemeral).toBytes();
    }
}
