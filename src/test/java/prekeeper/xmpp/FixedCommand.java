package prekeeper.xmpp;

import prekeeper.service.Peer;

/** A command that says at once that it is done. */
final class FixedCommand extends Command {

    FixedCommand(String node, Audience audience) {
        super(node, "Command " + node, audience);
    }

    @Override
    public Stage begin(Peer caller) {
        return Stage.Done.saying(Stage.Note.Kind.INFO, "Done for " + caller.account() + ".");
    }
}
