package prekeeper.wire;

/** A message of a protocol version other than 4. What follows the version cannot be known. */
public final class UnsupportedVersionException extends MalformedMessageException {
    private static final long serialVersionUID = 1L;

    UnsupportedVersionException(int version) {
        super("protocol version " + version + ", only 4 is supported");
    }
}
