package prekeeper.server;

import java.util.List;
import java.util.Optional;

/** What an administrator has to mend before the server can do its work. Told in lines, never with a stack trace. */
public final class SetupException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;
    private final transient Optional<String> hint;

    /** Several problems, each one line that says where, what was found and what is allowed. */
    public SetupException(List<String> problems) {
        this(problems, Optional.empty());
    }

    /** One problem and what to do about it. */
    public SetupException(String problem, String hint) {
        this(List.of(problem), Optional.of(hint));
    }

    private SetupException(List<String> problems, Optional<String> hint) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
        this.hint = hint;
    }

    /** One line each, none empty. */
    public List<String> problems() {
        return problems;
    }

    /** One line that says what to do. */
    public Optional<String> hint() {
        return hint;
    }
}
