package prekeeper.wire;

import java.time.Instant;
import java.util.Optional;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;

/**
 * What a device says of itself under its own signature (OTRv4, "Client Profile Data Type"), well-formed and not verified.
 *
 * <pre>INT number of fields | fields, each SHORT type and value, in any order | EDDSA-SIG</pre>
 *
 * @param draft the draft that its keys are written in
 * @param versions the OTR versions it speaks: one to sixteen ASCII digits
 * @param expires to the second; what {@link Instant} cannot hold is its first or last value
 * @param transitionalSignature 40 bytes, by {@code dsaKey} over {@code transitionallySignedPart}; may be there without it
 * @param transitionallySignedPart the encoded fields 1 to 6 in the order of their types, without the number of fields
 *     before them, as deployed clients sign them
 * @param signature 114 bytes, by {@code longTermKey} over {@link #signedPart()}
 * @param encoded exactly as received
 */
public record ClientProfile(
        Draft draft,
        InstanceTag owner,
        Point longTermKey,
        Point forgingKey,
        String versions,
        Instant expires,
        Optional<DsaPublicKey> dsaKey,
        Optional<Bytes> transitionalSignature,
        Bytes transitionallySignedPart,
        Bytes signature,
        Bytes encoded) {

    /** Reads a whole encoding, whose keys tell the draft. */
    public static ClientProfile decode(Bytes encoded) throws MalformedMessageException {
        WireReader in = new WireReader(encoded);
        ClientProfile profile = read(in);
        in.finish();
        return profile;
    }

    /**
     * What the owner of a new profile signs; this followed by the signature is its encoding.
     *
     * @param versions one to sixteen ASCII digits
     * @param expires fractions of a second are dropped
     * @throws IllegalArgumentException when {@code versions} is anything else
     */
    public static Bytes signedPart(
            Draft draft, InstanceTag owner, Point longTermKey, Point forgingKey, String versions, Instant expires) {
        return ClientProfileFields.encode(draft, owner, longTermKey, forgingKey, versions, expires);
    }

    /** Everything before the signature. */
    public Bytes signedPart() {
        return encoded.slice(0, encoded.length() - WireReader.SIGNATURE_BYTES);
    }

    static ClientProfile read(WireReader in) throws MalformedMessageException {
        int start = in.position();
        ClientProfileFields fields = ClientProfileFields.read(in);
        Bytes signature = in.fixed(WireReader.SIGNATURE_BYTES);
        return new ClientProfile(
                in.draft(),
                fields.owner(),
                fields.longTermKey(),
                fields.forgingKey(),
                fields.versions(),
                fields.expires(),
                fields.dsaKey(),
                fields.transitionalSignature(),
                fields.transitionallySignedPart(),
                signature,
                in.since(start));
    }

    void writeTo(WireWriter out) {
        out.fixed(encoded);
    }
}
