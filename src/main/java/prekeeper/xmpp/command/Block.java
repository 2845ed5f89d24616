package prekeeper.xmpp.command;

import java.util.List;
import org.xmpp.forms.DataForm;
import org.xmpp.forms.FormField;
import prekeeper.service.Peer;
import prekeeper.xmpp.BlockedPeers;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.InvalidInputException;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submission;

/** Keeps accounts and domains out. */
final class Block extends Command {
    static final String ADDRESSES = "addresses";

    private final BlockedPeers blocked;

    Block(BlockedPeers blocked) {
        super("prekeeper:admin#block", "Block accounts or domains", Audience.ADMINISTRATORS);
        this.blocked = blocked;
    }

    @Override
    public Stage begin(Peer caller) {
        DataForm form = Forms.toFillIn(
                name(),
                "They can neither publish nor retrieve until they are unblocked. What is stored of them stays. One account or"
                        + " domain a line.");
        form.addField(ADDRESSES, "Accounts or domains", FormField.Type.text_multi)
                .setRequired(true);
        return new Stage.Ask(form, true, this::block);
    }

    private Stage block(Submission submission) {
        List<String> entries = submission.values(ADDRESSES).stream()
                .map(Block::prepared)
                .distinct()
                .toList();
        if (entries.isEmpty()) {
            throw new InvalidInputException("Name at least one account or domain.");
        }
        long added = entries.stream().filter(blocked::block).count();
        return Stage.Done.saying(
                Stage.Note.Kind.INFO, "Blocked " + added + "; " + (entries.size() - added) + " were blocked before.");
    }

    private static String prepared(String written) {
        return BlockedPeers.prepareEntry(written)
                .orElseThrow(() -> new InvalidInputException(
                        "\"" + written + "\" is neither an account, such as user@example.org, nor a domain."));
    }
}
