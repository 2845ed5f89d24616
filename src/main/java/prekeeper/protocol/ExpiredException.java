package prekeeper.protocol;

import java.time.Instant;

/** A profile is past its expiration, and may have been right before. */
public final class ExpiredException extends VerificationException {
    private static final long serialVersionUID = 1L;

    private ExpiredException(String message) {
        super(message);
    }

    /** Throws when {@code expires} is not after {@code now}. */
    static void unlessBefore(Instant now, Instant expires, String what) throws ExpiredException {
        if (!now.isBefore(expires)) {
            throw new ExpiredException(what + " is expired");
        }
    }
}
