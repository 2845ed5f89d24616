package prekeeper.wire;

/** A text that holds more bytes than its carrier allows. It was not decoded. */
public final class TooLargeException extends MalformedMessageException {
    private static final long serialVersionUID = 1L;

    private final int mostBytes;

    TooLargeException(long found, int mostBytes) {
        super("message of " + found + " bytes, at most " + mostBytes + " allowed here");
        this.mostBytes = mostBytes;
    }

    /** The largest message that would have been read, in bytes before base64. */
    public int mostBytes() {
        return mostBytes;
    }
}
