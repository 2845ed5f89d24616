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
final class SetLimits implements Command {
    private static final String BURST = "-burst";
    private static final String PER_HOUR = "-per-hour";
    private static final String PREKEY_MESSAGES = "prekey-messages";
    private static final String DEVICES = "devices";
    private static final String LOW_MARK = "low-mark";
    private static final String ANNOUNCE = "announce-low-stock";
    private static final String FRAGMENT_LENGTH = "fragment-length";

    private final LiveLimits limits;

    SetLimits(LiveLimits limits) {
        this.limits = limits;
    }

    @Override
    public String node() {
        return "prekeeper:admin#limits";
    }

    @Override
    public String name() {
        return "Set limits";
    }

    @Override
    public Audience audience() {
        return Audience.ADMINISTRATORS;
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

    private Stage change(Submission submission) {
        Map<RateLimit, Rate> rates = new EnumMap<>(RateLimit.class);
        for (RateLimit limit : RateLimit.values()) {
            rates.put(
                    limit,
                    new Rate(
                            number(submission, limit.setting() + BURST, 1, Rate.MOST_BURST),
                            number(submission, limit.setting() + PER_HOUR, 1, Rate.MOST_PER_HOUR)));
        }
        StockLimits stock = new StockLimits(
                new Quotas(
                        number(submission, PREKEY_MESSAGES, 1, Quotas.MOST_PREKEY_MESSAGES),
                        number(submission, DEVICES, 1, Quotas.MOST_DEVICES)),
                number(submission, LOW_MARK, 0, Quotas.MOST_PREKEY_MESSAGES));
        OptionalInt fragmentLength = submission.text(FRAGMENT_LENGTH).isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(
                        number(submission, FRAGMENT_LENGTH, Limits.LEAST_FRAGMENT_LENGTH, Limits.MOST_FRAGMENT_LENGTH));
        limits.change(new Limits(rates, stock, submission.isTicked(ANNOUNCE), fragmentLength));
        return Stage.Done.saying(Stage.Note.Kind.INFO, "The limits are in force until the next start.");
    }

    private static int number(Submission submission, String variable, int least, int most) {
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
