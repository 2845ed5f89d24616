package prekeeper.xmpp;

/** Somebody filled a form in wrongly; they are shown the text and the form again. */
public final class InvalidInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param text one sentence for people: what was found, what is allowed */
    public InvalidInputException(String text) {
        super(text);
    }
}
