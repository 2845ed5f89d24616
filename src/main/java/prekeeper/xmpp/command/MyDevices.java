package prekeeper.xmpp.command;

import java.time.InstantSource;
import prekeeper.service.Peer;
import prekeeper.store.Inventory;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.Stage;

/** What is stored of the caller. */
final class MyDevices implements Command {
    private final Inventory inventory;
    private final InstantSource clock;

    MyDevices(Inventory inventory, InstantSource clock) {
        this.inventory = inventory;
        this.clock = clock;
    }

    @Override
    public String node() {
        return "prekeeper:user#devices";
    }

    @Override
    public String name() {
        return "My devices";
    }

    @Override
    public Audience audience() {
        return Audience.EVERYBODY;
    }

    @Override
    public Stage begin(Peer caller) {
        return Forms.devices(caller.account(), inventory.devices(caller.account(), clock.instant()));
    }
}
