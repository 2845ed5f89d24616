package prekeeper.app;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * The log of a running server: on the standard output, in the manner of systemd's journal when that is what the output is. Other
 * commands log to the standard error (logback.xml), since their results go to the standard output.
 */
final class EventLog {
    /** What systemd sets for a process whose output is its journal: device and inode of that. */
    static final String JOURNAL_STREAM = "JOURNAL_STREAM";

    private static final Path OUTPUT = Path.of("/proc/self/fd/1");

    private EventLog() {}

    /** From now on the events of this process go to the console's output, an object of JSON a line or as suits the output. */
    static void begin(Console console, boolean json) {
        EventLine.Format format = json
                ? EventLine.Format.JSON
                : isJournal(console.environment(), OUTPUT) ? EventLine.Format.JOURNAL : EventLine.Format.TEXT;
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        EventLine line = new EventLine(format);
        line.setContext(context);
        line.start();
        OutputStreamAppender<ILoggingEvent> events = new OutputStreamAppender<>();
        events.setContext(context);
        events.setName("EVENTS");
        events.setEncoder(line);
        events.setOutputStream(console.out());
        events.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(events);
    }

    /** Whether {@code output} is what the environment names: a process that was started by one of the journal's may have another. */
    static boolean isJournal(Map<String, String> environment, Path output) {
        String named = environment.get(JOURNAL_STREAM);
        try {
            return named != null
                    && named.equals(
                            Files.getAttribute(output, "unix:dev") + ":" + Files.getAttribute(output, "unix:ino"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }
}
