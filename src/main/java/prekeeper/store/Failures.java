package prekeeper.store;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;

/** What a database's error means to us, by the states of the SQL standard and those of the engines. */
final class Failures {
    private static final Set<String> CONTENTION = Set.of(
            "40001", // serialization failure; H2's deadlocks too
            "40P01", // PostgreSQL's deadlocks
            "HYT00", // H2's end of a wait for a lock
            "55P03", // PostgreSQL's
            "23505"); // unique violation

    private Failures() {}

    /**
     * The database's own error below what a library wrapped around it: that of a batch would repeat what was to be written, that of a
     * pool only tells that there is no connection.
     */
    static Optional<SQLException> sqlError(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BatchUpdateException batch && batch.getNextException() != null) {
                return Optional.of(batch.getNextException());
            }
            boolean isOfPool =
                    cause instanceof SQLTransientConnectionException && cause.getCause() instanceof SQLException;
            if (cause instanceof SQLException error && !isOfPool) {
                return Optional.of(error);
            }
        }
        return Optional.empty();
    }

    /**
     * Whether the transaction was rolled back because of another one, and may succeed now. A unique violation is one: two
     * publications of one account added a row at the same time.
     */
    static boolean isContention(Throwable failure) {
        return sqlError(failure)
                .map(SQLException::getSQLState)
                .filter(CONTENTION::contains)
                .isPresent();
    }

    /** The first line: H2 puts the statement on the following ones. */
    static String firstLine(String message) {
        return String.valueOf(message).lines().findFirst().orElse("").replaceFirst("; SQL statement:$", "");
    }
}
