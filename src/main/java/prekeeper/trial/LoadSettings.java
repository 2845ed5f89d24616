package prekeeper.trial;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.stringprep.XmppStringprepException;

/**
 * What a load is to be.
 *
 * @param duration how long requests become due; from one second to a day
 * @param rates requests a second, on average; 0 leaves a kind out, and what is not named is left out
 * @param messages prekey messages in a publication
 * @param server address of the prekey server of all accounts; empty when the one of each account's domain is to be found
 */
public record LoadSettings(Duration duration, Map<LoadKind, Double> rates, int messages, Optional<String> server) {
    /** What one publication may have; more would go in several, and be one request all the same. */
    public static final int MOST_MESSAGES = 100;

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final double MOST_PER_SECOND = 10_000;

    /**
     * Fills the rates up.
     *
     * @throws IllegalArgumentException with a text that can be shown, when a value is out of its bounds or nothing is asked for
     */
    public LoadSettings {
        Map<LoadKind, Double> all = new EnumMap<>(LoadKind.class);
        for (LoadKind kind : LoadKind.values()) {
            double rate = rates.getOrDefault(kind, 0.0);
            if (!(rate >= 0 && rate <= MOST_PER_SECOND)) {
                throw new IllegalArgumentException(
                        kind.label() + " a second are " + rate + ", from 0 to 10000 can be asked for");
            }
            all.put(kind, rate);
        }
        rates = Collections.unmodifiableMap(all);
        if (all.values().stream().allMatch(rate -> rate == 0)) {
            throw new IllegalArgumentException("no rate is above 0, so there is nothing to do");
        }
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a load takes from a second to a day");
        }
        if (messages < 1 || messages > MOST_MESSAGES) {
            throw new IllegalArgumentException("a publication of " + messages + " prekey messages, from 1 to "
                    + MOST_MESSAGES + " can be asked for");
        }
        server.ifPresent(LoadSettings::address);
    }

    Optional<Jid> serverJid() {
        return server.map(LoadSettings::address);
    }

    static Jid address(String server) {
        try {
            return JidCreate.from(server);
        } catch (XmppStringprepException e) {
            throw new IllegalArgumentException(server + " is no address of a prekey server", e);
        }
    }
}
