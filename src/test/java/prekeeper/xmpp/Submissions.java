package prekeeper.xmpp;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xmpp.forms.DataForm;

/** Forms as somebody fills them in. */
public final class Submissions {

    private Submissions() {}

    public static Submission of(Map<String, List<String>> fields) {
        DataForm form = new DataForm(DataForm.Type.submit);
        fields.forEach((variable, values) -> {
            var field = form.addField(variable, null, null);
            values.forEach(field::addValue);
        });
        return new Submission(Optional.of(form));
    }

    /** With one field of one value. */
    public static Submission of(String variable, String value) {
        return of(Map.of(variable, List.of(value)));
    }
}
