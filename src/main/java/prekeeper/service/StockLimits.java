package prekeeper.service;

import prekeeper.store.Quotas;

/**
 * How much is kept of whom, and when it is little.
 *
 * @param publicationBytes the largest DAKE-3 with a publication that is taken, before base64; {@link #LEAST_PUBLICATION_BYTES} to
 *     {@link #MOST_PUBLICATION_BYTES}
 * @param lowMark a device that a retrieval leaves with so many prekey messages or less is low on stock; 0 or more
 */
public record StockLimits(Quotas quotas, int publicationBytes, int lowMark) {
    /** Room for both profiles and some prekey messages. */
    public static final int LEAST_PUBLICATION_BYTES = 4_096;

    /** Room for 255 prekey messages, the most that a publication can have, which take 120,000 bytes. */
    public static final int MOST_PUBLICATION_BYTES = 131_072;

    public StockLimits {
        if (publicationBytes < LEAST_PUBLICATION_BYTES || publicationBytes > MOST_PUBLICATION_BYTES) {
            throw new IllegalArgumentException("publications of " + publicationBytes + " bytes, "
                    + LEAST_PUBLICATION_BYTES + " to " + MOST_PUBLICATION_BYTES + " allowed");
        }
        if (lowMark < 0) {
            throw new IllegalArgumentException("low mark of " + lowMark + ", at least 0");
        }
    }
}
