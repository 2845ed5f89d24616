package prekeeper.store;

/**
 * How much of one account and one device is kept.
 *
 * @param prekeyMessages the most prekey messages that one device may have stored
 * @param devices the most devices that one account may have; expired ones do not count
 */
public record Quotas(int prekeyMessages, int devices) {
    public Quotas {
        if (prekeyMessages < 1 || devices < 1) {
            throw new IllegalArgumentException(
                    "quotas of " + prekeyMessages + " prekey messages and " + devices + " devices, at least 1 each");
        }
    }
}
