package prekeeper.torture;

import java.time.Instant;
import java.util.List;

/**
 * One line of a client's log.
 *
 * @param request counts the client's requests: the line that begins one and the line that ends it have the same
 * @param about whose prekey messages, or which
 */
record LogLine(Instant at, Event event, int request, List<String> about) {

    /** What a client does or hears. */
    enum Event {
        /** About to publish what follows. */
        PUBLISH,
        /** The server acknowledged it: Success. */
        STORED,
        /** The server says that nothing of it is stored: Failure. */
        REFUSED,
        /** No answer, or one that says neither. */
        UNKNOWN,
        /** About to ask for ensembles of the account that follows. */
        ASK,
        /** The prekey messages that came; none when there are none. */
        TAKEN,
        /** No ensembles were looked for: there was no connection, or the server did not let the query in. */
        UNASKED,
        /** No answer, or an error: some may have been taken all the same. */
        UNANSWERED,
        /** Nobody's request: the database was put back to an older state. Clients publish nothing again that they published before. */
        RESTORED
    }

    String written() {
        return String.join(" ", at.toString(), event.name(), Integer.toString(request), String.join(" ", about))
                .strip();
    }

    static LogLine parse(String written) {
        List<String> words = List.of(written.split(" ", -1));
        return new LogLine(
                Instant.parse(words.get(0)),
                Event.valueOf(words.get(1)),
                Integer.parseInt(words.get(2)),
                words.subList(3, words.size()));
    }
}
