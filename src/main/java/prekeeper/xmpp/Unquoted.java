package prekeeper.xmpp;

/** Where an exception was thrown, without its message: that may quote what a peer sent. For logs only, never thrown. */
final class Unquoted extends Exception {
    private static final long serialVersionUID = 1L;

    Unquoted(Throwable original) {
        super(
                original.getClass().getName(),
                original.getCause() == null ? null : new Unquoted(original.getCause()),
                false,
                true);
        setStackTrace(original.getStackTrace());
    }
}
