package prekeeper.crypto;

/**
 * How a wire draft puts the Ed448 group to use. The published text and the deployed software differ in the base point
 * b of ring signatures and proofs, in the secret scalar that belongs to it, in the scalar encoding and in the
 * ring-signature hash (docs/protocol.md, "Two drafts").
 */
public enum Suite {
    /** The published text: b = G of RFC 8032, SCALAR of 57 bytes. */
    SPEC(57, 57),
    /** libotr-ng and the Go server: b = 4·G, SCALAR of 56 bytes. */
    DEPLOYED(56, 64);

    private final int scalarBytes;
    private final int ringHashBytes;

    Suite(int scalarBytes, int ringHashBytes) {
        this.scalarBytes = scalarBytes;
        this.ringHashBytes = ringHashBytes;
    }

    /** Length of an encoded SCALAR, little-endian. */
    public int scalarBytes() {
        return scalarBytes;
    }

    /** What is hashed into a ring signature is this long before it is reduced mod q. */
    int ringHashBytes() {
        return ringHashBytes;
    }

    Bytes encode(Scalar scalar) {
        return Bytes.of(scalar.toLittleEndian(scalarBytes));
    }

    /** s with s·G = scalar·b. */
    Scalar overG(Scalar scalar) {
        return switch (this) {
            case SPEC -> scalar;
            case DEPLOYED -> scalar.times(Scalar.FOUR);
        };
    }

    /** The secret k with k·b = a·G, the public key that belongs to the pruned RFC 8032 scalar a; the caller wipes it. */
    Scalar secretOverBase(Scalar pruned) {
        return switch (this) {
            case SPEC -> pruned.copy();
            case DEPLOYED -> pruned.times(Scalar.QUARTER);
        };
    }

    /** What a peer's point is multiplied with for ECDH, cofactor included where there is one; the caller wipes it. */
    Scalar ecdhScalar(Scalar pruned) {
        return switch (this) {
            case SPEC -> pruned.times(Scalar.FOUR);
            case DEPLOYED -> pruned.times(Scalar.QUARTER);
        };
    }

    /** q as it stands in the ring-signature hash. */
    Bytes encodedOrder() {
        return switch (this) {
            case SPEC -> Bytes.of(Scalar.orderLittleEndian(scalarBytes));
            case DEPLOYED -> Bytes.of(Scalar.orderBigEndian());
        };
    }
}
