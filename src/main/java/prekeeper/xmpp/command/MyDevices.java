package prekeeper.xmpp.command;

import java.time.InstantSource;
import prekeeper.service.Peer;
import prekeeper.store.Inventory;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.Stage;

/** What is stored of the caller. */
final class MyDevices extends Command {
    private final Inventory inventory;
    private final InstantSource clock;

    MyDevices(Inventory inventory, InstantSource clock) {
        super("prekeeper:user#devices", "My devices", Audience.EVERYBODY);
        this.inventory = inventory;
        this.clock = clock;
    }

    @Override
    public Stage begin(Peer caller) {
        return Forms.devices(caller.account(), inventory.devices(caller.account(), clock.instant()));
    }
}
