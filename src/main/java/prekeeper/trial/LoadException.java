package prekeeper.trial;

import java.util.List;

/** Nothing could be measured. Its problems say why, its hint what to do; in plain words and without a secret. */
public final class LoadException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;
    private final String hint;

    LoadException(List<String> problems, String hint) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
        this.hint = hint;
    }

    /** One line each, at least one. */
    public List<String> problems() {
        return problems;
    }

    /** What to look at. */
    public String hint() {
        return hint;
    }
}
