package prekeeper.xmpp.command;

import java.time.InstantSource;
import java.util.List;
import prekeeper.service.Peer;
import prekeeper.store.Inventory;
import prekeeper.store.StoredDevice;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.InvalidInputException;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submission;

/** Deletes what is stored of an account, or of some of its devices. */
final class DeletePrekeys extends Command {
    private final Inventory inventory;
    private final InstantSource clock;

    DeletePrekeys(Inventory inventory, InstantSource clock) {
        super("prekeeper:admin#delete", "Delete prekeys of a user", Audience.ADMINISTRATORS);
        this.inventory = inventory;
        this.clock = clock;
    }

    @Override
    public Stage begin(Peer caller) {
        return new Stage.Ask(
                Forms.askingForAccount(name(), "Whose prekeys do you want to delete?"), false, this::choose);
    }

    private Stage choose(Submission submission) {
        String account = Forms.account(submission);
        List<StoredDevice> devices = inventory.devices(account, clock.instant());
        if (devices.isEmpty()) {
            throw new InvalidInputException("Nothing is stored of " + account + ".");
        }
        return new Stage.Ask(
                Forms.choosing(
                        "Devices of " + account,
                        "Profiles and prekey messages of these devices are deleted. They publish new ones by themselves.",
                        devices),
                true,
                chosen -> Forgetting.devices(inventory, Forms.chosen(chosen, devices)));
    }
}
