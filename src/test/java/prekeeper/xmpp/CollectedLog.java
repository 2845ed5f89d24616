package prekeeper.xmpp;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Everything that anybody logs at INFO and above while it is open. */
public final class CollectedLog implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
                IThrowableProxy thrown = event.getThrowableProxy();
                lines.add(event.getLevel() + " " + event.getFormattedMessage()
                        + (thrown == null ? "" : " " + thrown.getClassName() + " " + thrown.getMessage()));
            }
        }
    };

    public CollectedLog() {
        appender.start();
        root.addAppender(appender);
    }

    /** Each starts with its level. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** How many lines start with {@code level} and contain {@code text}. */
    public long count(String level, String text) {
        return lines.stream()
                .filter(line -> line.startsWith(level) && line.contains(text))
                .count();
    }

    @Override
    public void close() {
        root.detachAppender(appender);
    }
}
