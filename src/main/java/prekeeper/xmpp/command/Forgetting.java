package prekeeper.xmpp.command;

import java.util.List;
import prekeeper.store.DeviceId;
import prekeeper.store.Inventory;
import prekeeper.xmpp.Stage;

/** The last stage of commands that delete devices. */
final class Forgetting {

    private Forgetting() {}

    /** Deletes everything that is stored of {@code devices}. */
    static Stage devices(Inventory inventory, List<DeviceId> devices) {
        long deleted = devices.stream().filter(inventory::forget).count();
        return Stage.Done.saying(
                Stage.Note.Kind.INFO, "Deleted what was stored of " + Forms.counted(deleted, "device") + ".");
    }
}
