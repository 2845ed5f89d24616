package prekeeper.torture;

import prekeeper.crypto.Bytes;

/** What became of a request over the IQ binding. */
sealed interface Reply {

    /** A message came back. */
    record Result(Bytes message) implements Reply {}

    /**
     * A stanza error came back.
     *
     * @param condition such as {@code resource-constraint}
     */
    record Refused(String condition) implements Reply {}

    /** The connection ended first; nobody knows what was done. */
    record Lost() implements Reply {}

    /** There was no connection, so nothing was done. */
    record Unsent() implements Reply {}
}
