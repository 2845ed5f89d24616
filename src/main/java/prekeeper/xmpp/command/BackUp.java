package prekeeper.xmpp.command;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.xmpp.forms.DataForm;
import org.xmpp.forms.FormField;
import prekeeper.service.Peer;
import prekeeper.store.Inventory;
import prekeeper.store.StorageException;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.InvalidInputException;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submission;

/** Copies the store to a file on the server. */
final class BackUp extends Command {
    private static final String PATH = "path";

    private final Inventory inventory;

    BackUp(Inventory inventory) {
        super("prekeeper:admin#backup", "Back up the store", Audience.ADMINISTRATORS);
        this.inventory = inventory;
    }

    @Override
    public Stage begin(Peer caller) {
        DataForm form = Forms.toFillIn(
                name(),
                "Where to, on the server's machine? An absolute path at which nothing is yet, in a folder that the server may"
                        + " write to.");
        form.addField(PATH, "Path", FormField.Type.text_single).setRequired(true);
        return new Stage.Ask(form, true, this::backUp);
    }

    private Stage backUp(Submission submission) {
        String written = submission.required(PATH, "The path");
        try {
            Path file = Path.of(written);
            if (!file.isAbsolute()) {
                throw new InvalidInputException("\"" + written + "\" is no absolute path.");
            }
            inventory.backUp(file);
            return Stage.Done.saying(Stage.Note.Kind.INFO, "Backed up to " + file + ".");
        } catch (InvalidPathException e) {
            throw new InvalidInputException("\"" + written + "\" is no path.");
        } catch (StorageException e) {
            throw new InvalidInputException(e.getMessage()); // most likely because of the path
        }
    }
}
