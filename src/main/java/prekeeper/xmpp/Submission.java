package prekeeper.xmpp;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xmpp.forms.DataForm;
import org.xmpp.forms.FormField;

/** What somebody filled into a form (XEP-0004). */
public final class Submission {
    private static final Set<String> TRUE = Set.of("1", "true");
    private static final Set<String> FALSE = Set.of("0", "false");

    private final Optional<DataForm> form;

    /** @param form empty when nothing was submitted */
    Submission(Optional<DataForm> form) {
        this.form = form;
    }

    /** Whether a field was submitted, filled in or not. */
    public boolean has(String variable) {
        return form.map(filled -> filled.getField(variable)).isPresent();
    }

    /** The trimmed text of a field; empty when it is missing or blank. */
    public Optional<String> text(String variable) {
        return values(variable).stream().findFirst();
    }

    /**
     * The trimmed text of a field that is needed.
     *
     * @throws InvalidInputException when it is missing or blank
     */
    public String required(String variable, String label) {
        return text(variable).orElseThrow(() -> new InvalidInputException(label + " is missing."));
    }

    /** The values of a field, trimmed, without blank ones. */
    public List<String> values(String variable) {
        return form.map(filled -> filled.getField(variable)).map(FormField::getValues).orElse(List.of()).stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    /**
     * Whether a field of type boolean is ticked; one that is missing or blank is not.
     *
     * @throws InvalidInputException when it is neither ticked nor not
     */
    public boolean isTicked(String variable) {
        String written = text(variable).orElse("false");
        if (TRUE.contains(written)) {
            return true;
        }
        if (FALSE.contains(written)) {
            return false;
        }
        throw new InvalidInputException(variable + " is \"" + written + "\", true or false is allowed.");
    }
}
