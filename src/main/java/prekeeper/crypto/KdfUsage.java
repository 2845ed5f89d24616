package prekeeper.crypto;

/** The usage byte of {@link Kdf} (prekey server spec, "Key Derivation Functions"). OTRv4 numbers its own usages differently. */
public enum KdfUsage {
    FINGERPRINT(0x00),
    SHARED_SECRET(0x01) /* usage_SK */,
    INITIATOR_CLIENT_PROFILE(0x02),
    INITIATOR_COMPOSITE_IDENTITY(0x03),
    INITIATOR_COMPOSITE_PHI(0x04),
    RECEIVER_CLIENT_PROFILE(0x05),
    RECEIVER_COMPOSITE_IDENTITY(0x06),
    RECEIVER_COMPOSITE_PHI(0x07),
    PRE_MAC_KEY(0x08),
    PRE_MAC(0x09),
    STORAGE_INFO_MAC(0x0A),
    STATUS_MAC(0x0B),
    SUCCESS_MAC(0x0C),
    FAILURE_MAC(0x0D),
    PREKEY_MESSAGE(0x0E),
    CLIENT_PROFILE(0x0F),
    PREKEY_PROFILE(0x10),
    AUTH(0x11),
    PROOF_CONTEXT(0x12),
    PROOF_MESSAGE_ECDH(0x13),
    PROOF_MESSAGE_DH(0x14),
    PROOF_SHARED_ECDH(0x15),
    MAC_PROOFS(0x16),
    PROOF_C_LAMBDA(0x17);

    private final byte id;

    KdfUsage(int id) {
        this.id = (byte) id;
    }

    /** The byte that stands in the hash. */
    public byte id() {
        return id;
    }
}
