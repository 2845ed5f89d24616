package prekeeper.xmpp;

import java.util.Optional;
import java.util.function.Function;
import org.xmpp.forms.DataForm;

/** Where the execution of a command stands: it asks something, or is done. */
public sealed interface Stage {

    /**
     * Asks. It can be shown again, when somebody goes back or has to correct something.
     *
     * @param last whether what follows completes the command
     * @param next what follows on a submission; may throw {@link InvalidInputException}
     */
    record Ask(DataForm form, boolean last, Function<Submission, Stage> next) implements Stage {}

    /**
     * Done.
     *
     * @param result a form of type result
     */
    record Done(Optional<DataForm> result, Optional<Note> note) implements Stage {

        /** Done, with something to tell in one sentence. */
        public static Done saying(Note.Kind kind, String text) {
            return new Done(Optional.empty(), Optional.of(new Note(kind, text)));
        }

        /** Done, with something to show. */
        public static Done showing(DataForm result) {
            return new Done(Optional.of(result), Optional.empty());
        }

        /** Done, with something to show that says too little by itself. */
        public static Done showing(DataForm result, String note) {
            return new Done(Optional.of(result), Optional.of(new Note(Note.Kind.INFO, note)));
        }
    }

    /** One sentence for people (XEP-0050, 4.3). */
    record Note(Kind kind, String text) {

        /** How it is meant. */
        public enum Kind {
            INFO("info"),
            WARN("warn"),
            ERROR("error");

            private final String type;

            Kind(String type) {
                this.type = type;
            }

            String type() {
                return type;
            }
        }
    }
}
