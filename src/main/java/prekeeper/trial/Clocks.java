package prekeeper.trial;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jivesoftware.smack.SmackException.NoResponseException;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smackx.time.packet.Time;
import org.jxmpp.jid.Jid;

/** Compares this machine's clock with those of others, which tell theirs by XEP-0202. */
final class Clocks {
    /** Apart by less, clocks do no harm: profiles are valid for days. */
    static final Duration HARMLESS = Duration.ofMinutes(10);

    private final XMPPConnection connection;
    private final InstantSource clock;

    Clocks(XMPPConnection connection, InstantSource clock) {
        this.connection = connection;
        this.clock = clock;
    }

    /** How far the clock of {@code whom} is ahead of ours, to the second or two; empty when it does not tell. */
    Optional<Duration> ahead(Jid whom) throws NotConnectedException, InterruptedException, NoResponseException {
        Time request = new Time();
        request.setTo(whom);
        Instant before = clock.instant();
        try {
            Time answer = connection.sendIqRequestAndWaitForResponse(request);
            Instant after = clock.instant();
            if (answer.getUtc() == null || answer.getTzo() == null) {
                return Optional.empty();
            }
            Instant halfway = before.plus(Duration.between(before, after).dividedBy(2));
            return Optional.of(Duration.between(halfway, answer.getTime().toInstant()));
        } catch (XMPPErrorException tellsNone) {
            return Optional.empty();
        }
    }

    /** Whether so much does harm. */
    static boolean isHarmful(Duration ahead) {
        return ahead.abs().compareTo(HARMLESS) > 0;
    }

    /** In words, such as "62 days ahead". */
    static String words(Duration ahead) {
        Duration apart = ahead.abs();
        String much = apart.toDays() > 1
                ? apart.toDays() + " days"
                : apart.toHours() > 1
                        ? apart.toHours() + " hours"
                        : apart.toMinutes() > 1 ? apart.toMinutes() + " minutes" : apart.toSeconds() + " s";
        return apart.toSeconds() == 0 ? "the same" : much + (ahead.isNegative() ? " behind" : " ahead");
    }
}
