package prekeeper.xmpp.command;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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
 * @param rereading reads the configuration again, puts in force what it can and says so in a sentence; throws
 *     {@link prekeeper.xmpp.InvalidInputException} when it is wrong, which changes nothing. Empty where there is none to read
 */
public record Commands(
        Set<String> administrators,
        RunningServer server,
        Tally tally,
        Inventory inventory,
        BlockedPeers blocked,
        LiveLimits limits,
        InstantSource clock,
        Optional<Supplier<String>> rereading) {

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
        List<Command> all = new ArrayList<>(List.of(
                new ServerStatus(server, tally, inventory),
                new UserDevices(inventory, clock),
                new DeletePrekeys(inventory, clock),
                new OutOfStock(inventory, clock),
                new AnnounceLowStock(inventory, limits, teller, clock),
                new SetLimits(limits),
                new Block(blocked),
                new Unblock(blocked),
                new RemoveExpired(inventory, clock),
                new BackUp(inventory)));
        rereading.map(RereadConfiguration::new).ifPresent(all::add);
        all.addAll(
                List.of(new MyDevices(inventory, clock), new ForgetDevices(inventory, clock), new ForgetMe(inventory)));
        return all;
    }
}
