package prekeeper.wire;

/**
 * A peer's bytes or text are not what they should be. Nothing else ever leaves a method that decodes or parses, whatever
 * it is given. The message is lower case, says what was found and what is allowed, and quotes no text of the peer.
 */
public sealed class MalformedMessageException extends Exception permits UnsupportedVersionException, TooLargeException {
    private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        super(message);
    }
}
