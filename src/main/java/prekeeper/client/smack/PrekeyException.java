package prekeeper.client.smack;

/**
 * The prekey protocol came to nothing, though stanzas went to and fro. Smack's own exceptions tell of those that did not,
 * and of stanza errors.
 */
public final class PrekeyException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What came in between. */
    public enum Reason {
        /** The server authenticated a publication and refused it with a Failure, which tells no more. Nothing is stored. */
        REFUSED,
        /** The application does not trust the key that the server proved. Nothing was published. */
        UNTRUSTED,
        /** The server's answer is malformed, or fails a check: a defect, or an attack. */
        INVALID,
        /** The application could not keep the device's secrets. No prekey message went out whose secrets are not kept. */
        NOT_KEPT
    }

    private final Reason reason;

    PrekeyException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    PrekeyException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** For programs; the message is for people. */
    public Reason reason() {
        return reason;
    }
}
