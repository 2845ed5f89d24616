package prekeeper.trial;

/** Nobody could log in. Its message says why, its hint what to do about it; both in plain words and without a secret. */
public final class LoginException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;

    LoginException(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    /** What to look at. */
    public String hint() {
        return hint;
    }
}
