package prekeeper.xmpp.command;

import java.time.InstantSource;
import prekeeper.service.Peer;
import prekeeper.store.Inventory;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submission;

/** What is stored of the devices of an account. */
final class UserDevices extends Command {
    private final Inventory inventory;
    private final InstantSource clock;

    UserDevices(Inventory inventory, InstantSource clock) {
        super("prekeeper:admin#devices", "Devices of a user", Audience.ADMINISTRATORS);
        this.inventory = inventory;
        this.clock = clock;
    }

    @Override
    public Stage begin(Peer caller) {
        return new Stage.Ask(Forms.askingForAccount(name(), "Whose devices do you want to see?"), true, this::devices);
    }

    private Stage devices(Submission submission) {
        String account = Forms.account(submission);
        return Forms.devices(account, inventory.devices(account, clock.instant()));
    }
}
