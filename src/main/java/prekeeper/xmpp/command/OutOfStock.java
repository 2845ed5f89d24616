package prekeeper.xmpp.command;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.xmpp.forms.DataForm;
import org.xmpp.forms.FormField;
import prekeeper.service.Peer;
import prekeeper.store.Inventory;
import prekeeper.store.LowStock;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.Stage;

/** Devices that have no prekey message left, in pages. */
final class OutOfStock extends Command {
    /** A page has at least so many, unless it is the last or took too long to fill. */
    private static final int ENOUGH = 50;

    private static final int STEP = 1_000;
    private static final int MOST_LOOKED_AT = 100_000;

    private final Inventory inventory;
    private final InstantSource clock;

    OutOfStock(Inventory inventory, InstantSource clock) {
        super("prekeeper:admin#out-of-stock", "Devices out of stock", Audience.ADMINISTRATORS);
        this.inventory = inventory;
        this.clock = clock;
    }

    @Override
    public Stage begin(Peer caller) {
        return page(0);
    }

    Stage page(long after) {
        List<LowStock.Device> found = new ArrayList<>();
        OptionalLong next = OptionalLong.of(after);
        for (int looked = 0; looked < MOST_LOOKED_AT && next.isPresent() && found.size() < ENOUGH; looked += STEP) {
            LowStock step = inventory.lowOnStock(0, next.getAsLong(), STEP, clock.instant());
            found.addAll(step.devices());
            next = step.next();
        }
        DataForm table = table(found);
        if (next.isEmpty()) {
            return found.isEmpty()
                    ? Stage.Done.showing(table, "There are no more devices out of stock.")
                    : Stage.Done.showing(table);
        }
        long begin = next.getAsLong();
        table.addInstruction("There may be more: go on to the next page.");
        return new Stage.Ask(table, false, any -> page(begin));
    }

    private DataForm table(List<LowStock.Device> devices) {
        DataForm form = Forms.result(name());
        form.addReportedField(Forms.ACCOUNT, "Account", FormField.Type.jid_single);
        form.addReportedField(Forms.INSTANCE_TAG, "Device", FormField.Type.text_single);
        for (LowStock.Device device : devices) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put(Forms.ACCOUNT, device.device().owner());
            row.put(Forms.INSTANCE_TAG, device.device().tag().toString());
            form.addItemFields(row);
        }
        return form;
    }
}
