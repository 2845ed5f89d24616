package prekeeper.wire;

import prekeeper.crypto.Bytes;
import prekeeper.crypto.RingSignature;

/**
 * Ends a handshake and carries what it was made for (prekey server spec, "DAKE-3 Message").
 *
 * <pre>INT sender | RING-SIG sigma | DATA inner</pre>
 *
 * @param inner an encoded {@link InnerMessage}, or anything else: it is decoded once sigma is verified
 */
public record Dake3(InstanceTag sender, RingSignature sigma, Bytes inner) implements ClientMessage {
    /** More than the 255 prekey messages, two profiles and three proofs that a publication can hold. */
    private static final int MOST_INNER_BYTES = 131_072;

    /** Decodes a message of a handshake in {@code draft}. */
    public static Dake3 decode(Bytes message, Draft draft) throws MalformedMessageException {
        WireReader in = new WireReader(message, draft);
        in.expect(MessageType.DAKE_3);
        Dake3 dake3 = new Dake3(in.instanceTag(), in.ringSignature(), in.data(MOST_INNER_BYTES));
        in.finish();
        return dake3;
    }

    @Override
    public Bytes encode() {
        return new WireWriter()
                .header(MessageType.DAKE_3)
                .instanceTag(sender)
                .fixed(sigma.encoded())
                .data(inner)
                .toBytes();
    }
}
