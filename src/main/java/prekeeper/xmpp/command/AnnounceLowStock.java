package prekeeper.xmpp.command;

import java.time.InstantSource;
import java.util.OptionalLong;
import prekeeper.service.Peer;
import prekeeper.store.Inventory;
import prekeeper.store.LowStock;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.LiveLimits;
import prekeeper.xmpp.LowStockTeller;
import prekeeper.xmpp.Stage;

/** Tells the owners of devices that are low on stock. */
final class AnnounceLowStock extends Command {
    private static final int STEP = 1_000;
    private static final int MOST_TOLD = 1_000;

    private final Inventory inventory;
    private final LiveLimits limits;
    private final LowStockTeller teller;
    private final InstantSource clock;

    AnnounceLowStock(Inventory inventory, LiveLimits limits, LowStockTeller teller, InstantSource clock) {
        super("prekeeper:admin#announce", "Announce low stock", Audience.ADMINISTRATORS);
        this.inventory = inventory;
        this.limits = limits;
        this.teller = teller;
        this.clock = clock;
    }

    @Override
    public Stage begin(Peer caller) {
        int told = 0;
        int skipped = 0;
        OptionalLong next = OptionalLong.of(0);
        while (next.isPresent() && told < MOST_TOLD) {
            LowStock step = inventory.lowOnStock(limits.stock().lowMark(), next.getAsLong(), STEP, clock.instant());
            for (LowStock.Device low : step.devices()) {
                if (tell(low)) {
                    told++;
                } else {
                    skipped++;
                }
            }
            next = step.next();
        }
        return Stage.Done.saying(
                Stage.Note.Kind.INFO,
                "Told the owners of " + Forms.counted(told, "device") + "; those of " + skipped
                        + " more were told within the last hour."
                        + (next.isPresent() ? " Run this again for the rest." : ""));
    }

    private boolean tell(LowStock.Device low) {
        return teller.tell(new prekeeper.service.LowStock(
                low.device().owner(), low.device().tag(), low.remaining()));
    }
}
