package prekeeper.store;

/**
 * How much of one account and one device is kept.
 *
 * @param prekeyMessages the most prekey messages that one device may have stored
 * @param devices the most devices that one account may have; expired ones do not count
 */
public record Quotas(int prekeyMessages, int devices) {
    public static final int MOST_PREKEY_MESSAGES = 100_000;
    public static final int MOST_DEVICES = 1_000;

    public Quotas {
        if (prekeyMessages < 1 || prekeyMessages > MOST_PREKEY_MESSAGES || devices < 1 || devices > MOST_DEVICES) {
            throw new IllegalArgumentException("quotas of " + prekeyMessages + " prekey messages and " + devices
                    + " devices, 1 to " + MOST_PREKEY_MESSAGES + " and 1 to " + MOST_DEVICES + " allowed");
        }
    }
}
