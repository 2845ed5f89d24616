package prekeeper.trial;

/** A step went wrong for a reason that was found out. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Cause cause;

    Failure(String why, String remedy) {
        this(new Cause(why, remedy));
    }

    Failure(Cause cause) {
        super(cause.why());
        this.cause = cause;
    }

    /** Not {@link #getCause}, which is an exception. */
    Cause why() {
        return cause;
    }
}
