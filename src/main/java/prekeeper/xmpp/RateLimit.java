package prekeeper.xmpp;

/**
 * What is limited, by whom. The defaults leave an honest client alone: one that logs in, asks for its status, publishes a
 * hundred prekey messages and retrieves those of twenty contacts, on several devices at once.
 */
public enum RateLimit {
    REQUESTS("requests", "Requests of any kind, of one account", 1000, 36_000),
    HANDSHAKES("handshakes", "Handshakes of one account", 60, 120),
    RETRIEVALS_BY_REQUESTER_AND_TARGET(
            "retrievals-per-requester-and-target", "Retrievals of one account's prekeys by one other account", 10, 10),
    RETRIEVALS_BY_REQUESTER("retrievals-per-requester", "Retrievals by one account", 200, 200),
    /** Of domains whose users do not publish here: those who do are known one by one. */
    RETRIEVALS_BY_DOMAIN(
            "retrievals-per-domain", "Retrievals by all accounts of one domain of strangers", 5000, 20_000),
    RETRIEVALS_OF_TARGET("retrievals-per-target", "Retrievals of one account's prekeys by anybody", 100, 60);

    private final String setting;
    private final String label;
    private final int burst;
    private final int perHour;

    RateLimit(String setting, String label, int burst, int perHour) {
        this.setting = setting;
        this.label = label;
        this.burst = burst;
        this.perHour = perHour;
    }

    /** Its name in the configuration and in forms. */
    public String setting() {
        return setting;
    }

    /** What people read of it. */
    public String label() {
        return label;
    }

    public Rate byDefault() {
        return new Rate(burst, perHour);
    }
}
