package prekeeper.xmpp.command;

import java.util.function.Supplier;
import prekeeper.service.Peer;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.InvalidInputException;
import prekeeper.xmpp.Stage;

/** Puts in force what has changed in the server's configuration, as SIGHUP does. */
final class RereadConfiguration extends Command {
    private final Supplier<String> rereading;

    /** @param rereading see {@link Commands} */
    RereadConfiguration(Supplier<String> rereading) {
        super("prekeeper:admin#reload", "Read the configuration again", Audience.ADMINISTRATORS);
        this.rereading = rereading;
    }

    @Override
    public Stage begin(Peer caller) {
        try {
            return Stage.Done.saying(Stage.Note.Kind.INFO, rereading.get());
        } catch (InvalidInputException wrong) {
            return Stage.Done.saying(Stage.Note.Kind.ERROR, wrong.getMessage());
        }
    }
}
