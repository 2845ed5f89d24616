package prekeeper.xmpp;

/** Work in flight that nobody does, for tests of other packages. */
public final class BusyWork {
    private BusyWork() {}

    /** Two that run, so many that wait and so many that found no room. */
    public static WorkInFlight of(int waiting, int turnedAway) {
        int most = 2 + waiting;
        WorkInFlight work = new WorkInFlight(most, most, 2);
        for (int i = 0; i < most + turnedAway; i++) {
            boolean unused = work.begin("alice@example.org", false, () -> {});
        }
        return work;
    }

    /** Has somebody exceed a limit so many times. */
    public static void exceed(LiveLimits limits, RateLimit limit, int times) {
        for (int i = 0; i < times; i++) {
            limits.hit(limit);
        }
    }
}
