package prekeeper.it;

import java.util.Optional;

/** What comes back for a request over the IQ binding. */
public sealed interface IqAnswer {

    /**
     * A result that carries a message.
     *
     * @param element the element it stands in, such as {@code dake}
     * @param text armoured bytes
     */
    record Result(String element, String text) implements IqAnswer {}

    /** A result with nothing in it: a fragment was taken. */
    record Empty() implements IqAnswer {}

    /**
     * A stanza error.
     *
     * @param type such as {@code modify}
     * @param condition such as {@code bad-request}
     * @param application name of the element in the binding's namespace, such as {@code malformed}
     */
    record Refused(String type, String condition, Optional<String> application) implements IqAnswer {}
}
