package prekeeper.trial;

import java.time.Duration;
import java.util.Optional;

/**
 * What came of one step of a {@link Trial}.
 *
 * @param step what was done, in words
 * @param detail what was found; one line, may be empty
 * @param cause of a failure or a warning
 */
public record Finding(String step, Verdict verdict, Duration took, String detail, Optional<Cause> cause) {

    /** How it went. */
    public enum Verdict {
        /** As it should. */
        PASSED,
        /** It works, but not as well as it could. */
        WARNING,
        /** It does not work. */
        FAILED,
        /** Not tried, since it can not be here. */
        SKIPPED
    }
}
