package prekeeper.wire;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.crypto.Suite;

/**
 * The two wire drafts that are spoken. What differs between them is asked of this value; nobody outside {@code wire} and
 * {@code crypto} compares it (docs/protocol.md, "Two drafts").
 */
public enum Draft {
    /** The published text. */
    SPEC(Suite.SPEC, ByteOrder.LITTLE_ENDIAN, 4, ""),
    /** libotr-ng and the Go server. */
    DEPLOYED(Suite.DEPLOYED, ByteOrder.BIG_ENDIAN, 1, "0010");

    private final Suite suite;
    private final ByteOrder keyTypeOrder;
    private final int ensembleCountBytes;
    private final String fingerprintPrefix;

    Draft(Suite suite, ByteOrder keyTypeOrder, int ensembleCountBytes, String fingerprintPrefix) {
        this.suite = suite;
        this.keyTypeOrder = keyTypeOrder;
        this.ensembleCountBytes = ensembleCountBytes;
        this.fingerprintPrefix = fingerprintPrefix;
    }

    /** How this draft puts the Ed448 group to use. */
    public Suite suite() {
        return suite;
    }

    /** The most ensembles that one Prekey Ensemble Retrieval message of this draft can hold. */
    int mostEnsembles() {
        return (int) Math.min(Integer.MAX_VALUE, (1L << (8 * ensembleCountBytes)) - 1);
    }

    /** Length of L, the number of ensembles. */
    int ensembleCountBytes() {
        return ensembleCountBytes;
    }

    /** The two bytes of a key type, read as a SHORT. */
    int keyType(KeyType type) {
        return keyTypeOrder.equals(ByteOrder.BIG_ENDIAN) ? type.value() : Integer.reverseBytes(type.value()) >>> 16;
    }

    /** The draft that writes {@code type} as the SHORT {@code found}; no two drafts do. */
    static Optional<Draft> ofKeyType(KeyType type, int found) {
        return Arrays.stream(values())
                .filter(draft -> draft.keyType(type) == found)
                .findFirst();
    }

    /** What the server fingerprint is the hash of. */
    Bytes fingerprintInput(Point key) {
        return Bytes.fromHex(fingerprintPrefix).concat(key.encoded());
    }
}
