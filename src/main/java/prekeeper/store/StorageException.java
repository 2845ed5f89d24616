package prekeeper.store;

/** The database gave no answer. What was asked for may or may not have happened. */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
