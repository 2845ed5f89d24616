package prekeeper.metrics;

/** Devices whose stock is about the same. */
enum StockBand {
    /** Nobody can write to them while they are offline. */
    NONE("0", 0),
    FEW("1-5", 5),
    /** Up to the mark at which owners are told, unless it is configured. */
    LOW("6-10", 10),
    SOME("11-20", 20),
    HALF("21-50", 50),
    /** What clients fill up to. */
    FULL("51-100", 100),
    MORE("101+", Integer.MAX_VALUE);

    /** No device needs to be counted further to know its band. */
    static final int ENOUGH = 101;

    private final String label;
    private final int most;

    StockBand(String label, int most) {
        this.label = label;
        this.most = most;
    }

    String label() {
        return label;
    }

    /** The band of devices with so many prekey messages. */
    static StockBand of(int remaining) {
        for (StockBand band : values()) {
            if (remaining <= band.most) {
                return band;
            }
        }
        throw new AssertionError(remaining);
    }
}
