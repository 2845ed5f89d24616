package prekeeper.xmpp.command;

import java.time.InstantSource;
import prekeeper.service.Peer;
import prekeeper.store.Inventory;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.Stage;

/** Removes what has expired, before the server does it by itself. */
final class RemoveExpired extends Command {
    private static final int MOST = 1_000;

    private final Inventory inventory;
    private final InstantSource clock;

    RemoveExpired(Inventory inventory, InstantSource clock) {
        super("prekeeper:admin#expire", "Remove what has expired", Audience.ADMINISTRATORS);
        this.inventory = inventory;
        this.clock = clock;
    }

    @Override
    public Stage begin(Peer caller) {
        int devices = inventory.removeExpired(MOST, clock.instant());
        int profiles = inventory.removeExpiredPrekeyProfiles(MOST, clock.instant());
        String more = Math.max(devices, profiles) == MOST ? " There may be more: run this again." : "";
        return Stage.Done.saying(
                Stage.Note.Kind.INFO,
                "Removed " + Forms.counted(devices, "expired device") + ", and "
                        + Forms.counted(profiles, "expired prekey profile") + " of others." + more);
    }
}
