package prekeeper.xmpp;

import prekeeper.service.LowStock;

/** Tells owners that a device of theirs is low on stock. Thread-safe. */
@FunctionalInterface
public interface LowStockTeller {
    /** Tells the owner unless that was done within the hour; says whether it was done now. */
    boolean tell(LowStock low);
}
