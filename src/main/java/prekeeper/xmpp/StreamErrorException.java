package prekeeper.xmpp;

import java.io.IOException;

/** The XMPP server ended the stream with an error (RFC 6120, 4.9), or refused to open it. */
final class StreamErrorException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String condition;

    /** Takes the name of the error's defined condition, such as {@code not-authorized}. */
    StreamErrorException(String condition) {
        super("stream error " + condition);
        this.condition = condition;
    }

    String condition() {
        return condition;
    }
}
