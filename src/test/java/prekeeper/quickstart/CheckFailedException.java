package prekeeper.quickstart;

/** Something was not as promised; the text says what. */
final class CheckFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    CheckFailedException(String message) {
        super(message);
    }
}
