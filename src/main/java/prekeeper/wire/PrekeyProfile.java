package prekeeper.wire;

import java.time.Instant;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;

/**
 * The shared prekey of a device (OTRv4, "Prekey Profile Data Type"), well-formed and not verified.
 *
 * <pre>INT owner | LONG expiration | ED448-SHARED-PREKEY, the spec's D | EDDSA-SIG</pre>
 *
 * @param expires to the second; what {@link Instant} cannot hold is its first or last value
 * @param signature 114 bytes, by the owner's long-term key over {@link #signedPart()}
 * @param encoded exactly as received
 */
public record PrekeyProfile(InstanceTag owner, Instant expires, Point sharedPrekey, Bytes signature, Bytes encoded) {

    /** Reads a whole encoding; a key in another draft's encoding is malformed. */
    public static PrekeyProfile decode(Bytes encoded, Draft draft) throws MalformedMessageException {
        WireReader in = new WireReader(encoded, draft);
        PrekeyProfile profile = read(in);
        in.finish();
        return profile;
    }

    /**
     * What the owner of a new profile signs; this followed by the signature is its encoding.
     *
     * @param expires fractions of a second are dropped
     */
    public static Bytes signedPart(Draft draft, InstanceTag owner, Instant expires, Point sharedPrekey) {
        return new WireWriter(draft)
                .instanceTag(owner)
                .time(expires)
                .key(KeyType.SHARED_PREKEY, sharedPrekey)
                .toBytes();
    }

    /** Everything before the signature. */
    public Bytes signedPart() {
        return encoded.slice(0, encoded.length() - WireReader.SIGNATURE_BYTES);
    }

    static PrekeyProfile read(WireReader in) throws MalformedMessageException {
        int start = in.position();
        InstanceTag owner = in.instanceTag();
        Instant expires = in.time();
        Point sharedPrekey = in.key(KeyType.SHARED_PREKEY);
        Bytes signature = in.fixed(WireReader.SIGNATURE_BYTES);
        return new PrekeyProfile(owner, expires, sharedPrekey, signature, in.since(start));
    }

    void writeTo(WireWriter out) {
        out.fixed(encoded);
    }
}
