package prekeeper.wire;

import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;

/**
 * Who the server is (prekey server spec, "Prekey Server Composite Identity"). Handshakes hash its encoding.
 *
 * <pre>DATA server JID | ED448-PUBKEY</pre>
 *
 * @param serverJid UTF-8 of at most 3071 bytes
 */
public record CompositeIdentity(String serverJid, Point publicKey) {

    static CompositeIdentity read(WireReader in) throws MalformedMessageException {
        return new CompositeIdentity(in.text(WireReader.MOST_IDENTITY_BYTES), in.key(KeyType.PUBLIC));
    }

    /** Its bytes in {@code draft}. */
    public Bytes encode(Draft draft) {
        return new WireWriter(draft)
                .text(serverJid)
                .key(KeyType.PUBLIC, publicKey)
                .toBytes();
    }
}
