package prekeeper.protocol;

/** What a peer sent is well-formed and not right. The text says which check failed and holds nothing of what was sent. */
public class VerificationException extends Exception {
    private static final long serialVersionUID = 1L;

    public VerificationException(String message) {
        super(message, null, false, false); // a peer's mistake: nobody reads where in our code it was noticed
    }

    /** Throws with {@code message} unless {@code condition} holds. */
    public static void unless(boolean condition, String message) throws VerificationException {
        if (!condition) {
            throw new VerificationException(message);
        }
    }
}
