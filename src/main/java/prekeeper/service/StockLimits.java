package prekeeper.service;

import prekeeper.store.Quotas;

/**
 * How much is kept of whom, and when it is little.
 *
 * @param lowMark a device that a retrieval leaves with so many prekey messages or less is low on stock; 0 or more
 */
public record StockLimits(Quotas quotas, int lowMark) {
    public StockLimits {
        if (lowMark < 0) {
            throw new IllegalArgumentException("low mark of " + lowMark + ", at least 0");
        }
    }
}
