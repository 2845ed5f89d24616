package prekeeper.xmpp.command;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import org.xmpp.forms.DataForm;
import org.xmpp.forms.FormField;
import prekeeper.service.Peer;
import prekeeper.service.StockLimits;
import prekeeper.store.Quotas;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.InvalidInputException;
import prekeeper.xmpp.Limits;
import prekeeper.xmpp.LiveLimits;
import prekeeper.xmpp.Rate;
import prekeeper.xmpp.RateLimit;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submission;

/** Changes the limits in force until the next start. */
final class SetLimits extends Command {
    private static final String BURST = "-burst";
    private static final String PER_HOUR = "-per-hour";
    private static final String PREKEY_MESSAGES = "prekey-messages";
    private static final String DEVICES = "devices";
    private static final String PUBLICATION_BYTES = "publication-bytes";
    private static final String LOW_MARK = "low-mark";
    private static final String ANNOUNCE = "announce-low-stock";
    private static final String FRAGMENT_LENGTH = "fragment-length";

    private final LiveLimits limits;

    SetLimits(LiveLimits limits) {
        super("prekeeper:admin#limits", "Set limits", Audience.ADMINISTRATORS);
        this.limits = limits;
    }

    @Override
    public Stage begin(Peer caller) {
        Limits current = limits.current();
        DataForm form = Forms.toFillIn(
                name(), "They hold until the next start. To keep them, write them into the configuration as well.");
        for (RateLimit limit : RateLimit.values()) {
            Rate rate = current.rates().get(limit);
            number(form, limit.setting() + BURST, limit.label() + ": at once", rate.burst());
            number(form, limit.setting() + PER_HOUR, limit.label() + ": an hour", rate.perHour());
        }
        number(
                form,
                PREKEY_MESSAGES,
                "Prekey messages of one device",
                current.stock().quotas().prekeyMessages());
        number(form, DEVICES, "Devices of one account", current.stock().quotas().devices());
        number(
                form,
                PUBLICATION_BYTES,
                "Bytes of one publication",
                current.stock().publicationBytes());
        number(
                form,
                LOW_MARK,
                "So many prekey messages are low stock",
                current.stock().lowMark());
        form.addField(ANNOUNCE, "Tell owners of low stock", FormField.Type.boolean_type)
                .addValue(current.announceLowStock());
        FormField fragments = form.addField(
                FRAGMENT_LENGTH, "Longest body of an answer, in characters; empty: any", FormField.Type.text_single);
        current.fragmentLength().ifPresent(length -> fragments.addValue(Integer.toString(length)));
        return new Stage.Ask(form, true, this::change);
    }

    private static void number(DataForm form, String variable, String label, int value) {
        FormField field = form.addField(variable, label, FormField.Type.text_single);
        field.setRequired(true);
        field.addValue(Integer.toString(value));
    }

    /** What a client leaves out stays as it is. */
    private Stage change(Submission submission) {
        Limits current = limits.current();
        Map<RateLimit, Rate> rates = new EnumMap<>(RateLimit.class);
        current.rates().forEach((limit, rate) -> rates.put(limit, rate(submission, limit.setting(), rate)));
        Quotas quotas = current.stock().quotas();
        StockLimits stock = new StockLimits(
                new Quotas(
                        number(submission, PREKEY_MESSAGES, quotas.prekeyMessages(), 1, Quotas.MOST_PREKEY_MESSAGES),
                        number(submission, DEVICES, quotas.devices(), 1, Quotas.MOST_DEVICES)),
                number(
                        submission,
                        PUBLICATION_BYTES,
                        current.stock().publicationBytes(),
                        StockLimits.LEAST_PUBLICATION_BYTES,
                        StockLimits.MOST_PUBLICATION_BYTES),
                number(submission, LOW_MARK, current.stock().lowMark(), 0, Quotas.MOST_PREKEY_MESSAGES));
        boolean announce = submission.has(ANNOUNCE) ? submission.isTicked(ANNOUNCE) : current.announceLowStock();
        OptionalInt fragmentLength =
                submission.has(FRAGMENT_LENGTH) ? fragmentLength(submission) : current.fragmentLength();
        limits.change(new Limits(rates, stock, announce, fragmentLength));
        return Stage.Done.saying(Stage.Note.Kind.INFO, "The limits are in force until the next start.");
    }

    private static Rate rate(Submission submission, String setting, Rate current) {
        return new Rate(
                number(submission, setting + BURST, current.burst(), 1, Rate.MOST_BURST),
                number(submission, setting + PER_HOUR, current.perHour(), 1, Rate.MOST_PER_HOUR));
    }

    private static OptionalInt fragmentLength(Submission submission) {
        return submission.text(FRAGMENT_LENGTH).isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(number(
                        submission, FRAGMENT_LENGTH, 0, Limits.LEAST_FRAGMENT_LENGTH, Limits.MOST_FRAGMENT_LENGTH));
    }

    private static int number(Submission submission, String variable, int current, int least, int most) {
        if (!submission.has(variable)) {
            return current;
        }
        String written = submission.required(variable, variable);
        try {
            int number = Integer.parseInt(written);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new InvalidInputException(
                variable + " is \"" + written + "\", a number from " + least + " to " + most + " is allowed.");
    }
}
