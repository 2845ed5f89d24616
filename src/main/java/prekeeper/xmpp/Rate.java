package prekeeper.xmpp;

/**
 * How often something may happen: a token bucket, full at first.
 *
 * @param burst how often at once, 1 to 1,000,000
 * @param perHour how often for ever, 1 to 100,000,000 an hour; tokens come back one by one
 */
public record Rate(int burst, int perHour) {
    public static final int MOST_BURST = 1_000_000;
    public static final int MOST_PER_HOUR = 100_000_000;

    public Rate {
        if (burst < 1 || burst > MOST_BURST || perHour < 1 || perHour > MOST_PER_HOUR) {
            throw new IllegalArgumentException("rate of " + burst + " at once and " + perHour + " an hour, 1 to "
                    + MOST_BURST + " and 1 to " + MOST_PER_HOUR + " allowed");
        }
    }

    /** In words, such as {@code 60 at once, 120 an hour}. */
    @Override
    public String toString() {
        return burst + " at once, " + perHour + " an hour";
    }
}
