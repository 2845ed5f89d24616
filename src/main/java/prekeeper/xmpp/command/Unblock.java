package prekeeper.xmpp.command;

import java.util.List;
import java.util.SortedSet;
import org.xmpp.forms.DataForm;
import org.xmpp.forms.FormField;
import prekeeper.service.Peer;
import prekeeper.xmpp.BlockedPeers;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.InvalidInputException;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submission;

/** Lets blocked accounts and domains in again. */
final class Unblock extends Command {
    private final BlockedPeers blocked;

    Unblock(BlockedPeers blocked) {
        super("prekeeper:admin#unblock", "Unblock accounts or domains", Audience.ADMINISTRATORS);
        this.blocked = blocked;
    }

    @Override
    public Stage begin(Peer caller) {
        SortedSet<String> entries = blocked.all();
        if (entries.isEmpty()) {
            return Stage.Done.saying(Stage.Note.Kind.INFO, "Nobody is blocked.");
        }
        DataForm form = Forms.toFillIn(name(), "Whom do you want to let in again?");
        FormField field = form.addField(Block.ADDRESSES, "Accounts or domains", FormField.Type.list_multi);
        field.setRequired(true);
        entries.forEach(entry -> field.addOption(entry, entry));
        return new Stage.Ask(form, true, this::unblock);
    }

    private Stage unblock(Submission submission) {
        List<String> entries = submission.values(Block.ADDRESSES);
        if (entries.isEmpty()) {
            throw new InvalidInputException("Choose at least one.");
        }
        long removed = entries.stream().filter(blocked::unblock).count();
        return Stage.Done.saying(Stage.Note.Kind.INFO, "Unblocked " + removed + ".");
    }
}
