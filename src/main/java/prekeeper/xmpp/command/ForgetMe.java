package prekeeper.xmpp.command;

import org.xmpp.forms.DataForm;
import org.xmpp.forms.FormField;
import prekeeper.service.Peer;
import prekeeper.store.Inventory;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.InvalidInputException;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submission;

/** Deletes everything that is stored of the caller. */
final class ForgetMe extends Command {
    private static final String CONFIRM = "confirm";

    private final Inventory inventory;

    ForgetMe(Inventory inventory) {
        super("prekeeper:user#forget", "Forget me", Audience.EVERYBODY);
        this.inventory = inventory;
    }

    @Override
    public Stage begin(Peer caller) {
        DataForm form = Forms.toFillIn(
                name(),
                "Profiles and prekey messages of all your devices are deleted. A device that you still use publishes new ones"
                        + " by itself.");
        form.addField(CONFIRM, "Delete everything", FormField.Type.boolean_type).setRequired(true);
        return new Stage.Ask(form, true, submission -> forget(caller, submission));
    }

    private Stage forget(Peer caller, Submission submission) {
        if (!submission.isTicked(CONFIRM)) {
            throw new InvalidInputException("Tick the box to delete everything, or cancel.");
        }
        int deleted = inventory.forget(caller.account());
        return Stage.Done.saying(
                Stage.Note.Kind.INFO, "Deleted what was stored of " + Forms.counted(deleted, "device") + ".");
    }
}
