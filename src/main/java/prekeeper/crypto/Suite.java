package prekeeper.crypto;

/**
 * How a wire draft puts the Ed448 group to use. The published text and the deployed software differ in the base point
 * of ring signatures and proofs, in the scalar encoding and in the ring-signature hash (docs/protocol.md, "Two drafts").
 */
public enum Suite {
    /** The published text: scalars of 57 bytes, base point G of RFC 8032. */
    SPEC(57),
    /** libotr-ng and the Go server: scalars of 56 bytes, base point 4·G. */
    DEPLOYED(56);

    private final int scalarBytes;

    Suite(int scalarBytes) {
        this.scalarBytes = scalarBytes;
    }

    /** Length of an encoded SCALAR, little-endian. */
    public int scalarBytes() {
        return scalarBytes;
    }
}
