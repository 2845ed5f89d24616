package prekeeper.wire;

import java.nio.ByteOrder;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.crypto.Suite;

/**
 * The two wire drafts that are spoken. What differs between them is asked of this value; nobody outside {@code wire} and
 * {@code crypto} compares it (docs/protocol.md, "Two drafts").
 */
public enum Draft {
    /** The published text. */
    SPEC(Suite.SPEC, ByteOrder.LITTLE_ENDIAN, ""),
    /** libotr-ng and the Go server. */
    DEPLOYED(Suite.DEPLOYED, ByteOrder.BIG_ENDIAN, "0010");

    private final Suite suite;
    private final ByteOrder keyTypeOrder;
    private final String fingerprintPrefix;

    Draft(Suite suite, ByteOrder keyTypeOrder, String fingerprintPrefix) {
        this.suite = suite;
        this.keyTypeOrder = keyTypeOrder;
        this.fingerprintPrefix = fingerprintPrefix;
    }

    /** How this draft puts the Ed448 group to use. */
    public Suite suite() {
        return suite;
    }

    /** Byte order of the two bytes of a key type (0x0010, 0x0011, 0x0012). */
    ByteOrder keyTypeOrder() {
        return keyTypeOrder;
    }

    /** What the server fingerprint is the hash of. */
    Bytes fingerprintInput(Point key) {
        return Bytes.fromHex(fingerprintPrefix).concat(key.encoded());
    }
}
