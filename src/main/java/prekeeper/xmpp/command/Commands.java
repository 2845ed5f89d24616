package prekeeper.xmpp.command;

import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.xmpp.forms.DataForm;
import prekeeper.service.Tally;
import prekeeper.store.Inventory;
import prekeeper.xmpp.Administration;
import prekeeper.xmpp.BlockedPeers;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.LiveLimits;
import prekeeper.xmpp.LowStockTeller;
import prekeeper.xmpp.Stage;

/**
 * Every command, in the order in which they are listed. A new one is a class and a line here.
 *
 * @param administrators prepared bare JIDs
 */
public record Commands(
        Set<String> administrators,
        RunningServer server,
        Tally tally,
        Inventory inventory,
        BlockedPeers blocked,
        LiveLimits limits,
        InstantSource clock) {

    public Administration administration() {
        return new Administration(administrators, this::all);
    }

    /** What the command for it shows of how the server is. */
    public DataForm status() {
        return new ServerStatus(server, tally, inventory).form();
    }

    /** The first of the pages that the command for it shows of devices without a prekey message. */
    public DataForm outOfStock() {
        Stage page = new OutOfStock(inventory, clock).page(0);
        return page instanceof Stage.Done last ? last.result().orElseThrow() : ((Stage.Ask) page).form();
    }

    private List<Command> all(LowStockTeller teller) {
        return List.of(
                new ServerStatus(server, tally, inventory),
                new UserDevices(inventory, clock),
                new DeletePrekeys(inventory, clock),
                new OutOfStock(inventory, clock),
                new AnnounceLowStock(inventory, limits, teller, clock),
                new SetLimits(limits),
                new Block(blocked),
                new Unblock(blocked),
                new RemoveExpired(inventory, clock),
                new BackUp(inventory),
                new MyDevices(inventory, clock),
                new ForgetDevices(inventory, clock),
                new ForgetMe(inventory));
    }
}
