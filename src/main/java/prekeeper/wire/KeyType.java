package prekeeper.wire;

/** What stands before an encoded Ed448 key (OTRv4, "Public keys, Shared Prekeys, Forging keys and Fingerprints"). */
enum KeyType {
    /** ED448-PUBKEY. */
    PUBLIC(0x0010),
    /** ED448-SHARED-PREKEY. */
    SHARED_PREKEY(0x0011),
    /** The forging key of a Client Profile. */
    FORGING(0x0012);

    private final int value;

    KeyType(int value) {
        this.value = value;
    }

    /** The number, of two bytes, whose byte order is the draft's matter. */
    int value() {
        return value;
    }
}
