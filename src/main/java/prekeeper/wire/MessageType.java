package prekeeper.wire;

/** The byte after the protocol version (prekey server spec, "Encoded Messages"; OTRv4, "Prekey message"). */
public enum MessageType {
    FAILURE(0x05),
    SUCCESS(0x06),
    /** Inside a DAKE-3 only. */
    PREKEY_PUBLICATION(0x08),
    /** Inside a DAKE-3 only. */
    STORAGE_INFORMATION_REQUEST(0x09),
    STORAGE_STATUS(0x0B),
    NO_PREKEY_ENSEMBLES(0x0E),
    /** Inside publications and ensembles only. */
    PREKEY_MESSAGE(0x0F),
    ENSEMBLE_QUERY(0x10),
    ENSEMBLE_RETRIEVAL(0x13),
    DAKE_1(0x35),
    DAKE_2(0x36),
    DAKE_3(0x37);

    private final int code;

    MessageType(int code) {
        this.code = code;
    }

    /** The byte that names this type, 0 to 255. */
    public int code() {
        return code;
    }

    static MessageType of(int code) throws MalformedMessageException {
        for (MessageType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new MalformedMessageException(String.format("message type %02x is not known", code));
    }
}
