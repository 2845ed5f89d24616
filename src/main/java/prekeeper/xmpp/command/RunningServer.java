package prekeeper.xmpp.command;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import prekeeper.xmpp.AdminNotices;
import prekeeper.xmpp.ServerDescription;

/**
 * What the server's status tells of the process.
 *
 * @param connection to the XMPP server, in words
 * @param notices that administrators were sent since the start
 */
public record RunningServer(
        ServerDescription description,
        Supplier<Duration> runningFor,
        Supplier<String> connection,
        Supplier<List<AdminNotices.Notice>> notices) {

    /** Such as {@code 3 d 4 h 5 min}. */
    String uptime() {
        Duration time = runningFor.get();
        return time.toDays() + " d " + time.toHoursPart() + " h " + time.toMinutesPart() + " min";
    }
}
