package prekeeper.wire;

import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.crypto.RingSignature;

/**
 * The server's half of a handshake (prekey server spec, "DAKE-2 Message").
 *
 * <pre>INT receiver | composite identity | POINT ephemeral, the spec's S | RING-SIG sigma</pre>
 */
public record Dake2(InstanceTag receiver, CompositeIdentity identity, Point ephemeral, RingSignature sigma)
        implements ServerMessage {

    static Dake2 read(WireReader in) throws MalformedMessageException {
        return new Dake2(in.instanceTag(), CompositeIdentity.read(in), in.point(), in.ringSignature());
    }

    @Override
    public Bytes encode(Draft draft) {
        return new WireWriter()
                .header(MessageType.DAKE_2)
                .instanceTag(receiver)
                .fixed(identity.encode(draft))
                .point(ephemeral)
                .fixed(sigma.encoded())
                .toBytes();
    }
}
