package prekeeper.xmpp.command;

import java.time.InstantSource;
import java.util.List;
import prekeeper.service.Peer;
import prekeeper.store.Inventory;
import prekeeper.store.StoredDevice;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.Stage;

/** Deletes what is stored of some of the caller's devices. */
final class ForgetDevices extends Command {
    private final Inventory inventory;
    private final InstantSource clock;

    ForgetDevices(Inventory inventory, InstantSource clock) {
        super("prekeeper:user#forget-device", "Forget a device", Audience.EVERYBODY);
        this.inventory = inventory;
        this.clock = clock;
    }

    @Override
    public Stage begin(Peer caller) {
        List<StoredDevice> devices = inventory.devices(caller.account(), clock.instant());
        if (devices.isEmpty()) {
            return Stage.Done.saying(Stage.Note.Kind.INFO, "Nothing is stored of you.");
        }
        return new Stage.Ask(
                Forms.choosing(
                        name(),
                        "Profiles and prekey messages of these devices are deleted. One that you still use publishes new"
                                + " ones by itself.",
                        devices),
                true,
                chosen -> Forgetting.devices(inventory, Forms.chosen(chosen, devices)));
    }
}
