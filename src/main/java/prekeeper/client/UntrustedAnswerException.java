package prekeeper.client;

/** An answer that does not come from the server that this handshake is made with, or not in this handshake. */
public final class UntrustedAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    UntrustedAnswerException(String message) {
        super(message);
    }
}
