package prekeeper.store;

import java.sql.SQLException;
import java.util.Optional;

/** What a database's error means to us; H2's numbers and the states of the SQL standard. */
final class Failures {
    private static final String SERIALIZATION_FAILURE = "40001"; // deadlocks too
    private static final String LOCK_WAIT_ENDED = "HYT00";
    private static final String UNIQUE_VIOLATION = "23505";

    private Failures() {}

    /** The database's own error below what a library wrapped around it. */
    static Optional<SQLException> sqlError(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException error) {
                return Optional.of(error);
            }
        }
        return Optional.empty();
    }

    /**
     * Whether the transaction was rolled back because of another one, and may succeed now. A unique violation is one: two
     * publications made the first row of a device at the same time.
     */
    static boolean isContention(SQLException error) {
        String state = String.valueOf(error.getSQLState());
        return state.equals(SERIALIZATION_FAILURE) || state.equals(LOCK_WAIT_ENDED) || state.equals(UNIQUE_VIOLATION);
    }

    /** The first line: H2 puts the statement on the following ones. */
    static String firstLine(String message) {
        return String.valueOf(message).lines().findFirst().orElse("").replaceFirst("; SQL statement:$", "");
    }
}
