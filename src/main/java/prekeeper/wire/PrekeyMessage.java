package prekeeper.wire;

import java.math.BigInteger;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.DhGroup;
import prekeeper.crypto.Point;

/**
 * One-time keys of a device (OTRv4, "Prekey message"), well-formed and not verified. Nothing says its length from outside:
 * one of another version cannot be skipped.
 *
 * <pre>SHORT 4 | BYTE 0F | INT identifier | INT owner | POINT y | MPI b</pre>
 *
 * @param identifier INT, unsigned, chosen by the owner
 * @param y the spec's Y
 * @param b the spec's B; of no more bytes than a value of the group has, which is all that is known of it
 */
public record PrekeyMessage(int identifier, InstanceTag owner, Point y, BigInteger b) {

    /** Reads a whole encoding; it is the same in all drafts. */
    public static PrekeyMessage decode(Bytes encoded) throws MalformedMessageException {
        WireReader in = new WireReader(encoded);
        PrekeyMessage message = read(in);
        in.finish();
        return message;
    }

    /** The only encoding there is: the bytes that this was decoded from. */
    public Bytes encoded() {
        WireWriter out = new WireWriter();
        writeTo(out);
        return out.toBytes();
    }

    static PrekeyMessage read(WireReader in) throws MalformedMessageException {
        in.expect(MessageType.PREKEY_MESSAGE);
        return new PrekeyMessage(in.int32(), in.instanceTag(), in.point(), in.mpi(DhGroup.BYTES));
    }

    void writeTo(WireWriter out) {
        out.header(MessageType.PREKEY_MESSAGE)
                .int32(identifier)
                .instanceTag(owner)
                .point(y)
                .mpi(b);
    }
}
