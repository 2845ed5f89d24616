package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The shipped logback.xml, which the tests run with. */
class LogTest {
    private static final LoggerContext CONTEXT = (LoggerContext) LoggerFactory.getILoggerFactory();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.xmpp.component.AbstractComponent",
                "org.xmpp.packet.JID",
                "org.jivesoftware.whack.ExternalComponent"
            })
    void librariesThatLogStanzasAreSilent(String name) {
        assertFalse(LoggerFactory.getLogger(name).isErrorEnabled());
    }

    @Test
    void otherLibrariesWarnAndPrekeeperInforms() {
        assertTrue(LoggerFactory.getLogger("com.zaxxer.hikari.pool.HikariPool").isWarnEnabled());
        assertFalse(LoggerFactory.getLogger("org.flywaydb.core.Flyway").isInfoEnabled());
        assertTrue(LoggerFactory.getLogger("prekeeper.app.Server").isInfoEnabled());
        assertFalse(LoggerFactory.getLogger("prekeeper.app.Server").isDebugEnabled());
    }

    @Test
    void aWarningIsOneLineWithoutItsTrace() {
        String line = line("EVENTS", Level.WARN, "two\nlines");
        assertTrue(
                line.matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]{12}(Z|[+-]\\d\\d:\\d\\d) WARN  Server: two lines\n"), line);
        assertEquals("", line("ERRORS", Level.WARN, "two\nlines"));
    }

    @Test
    void anErrorIsOneLineThatEndsWithItsTrace() {
        String line = line("ERRORS", Level.ERROR, "it broke");
        assertTrue(
                line.contains(" ERROR Server: it broke java.lang.IllegalStateException: why at prekeeper.app.LogTest."),
                line);
        assertEquals(line.length() - 1, line.indexOf('\n'));
        assertEquals("", line("EVENTS", Level.ERROR, "it broke"));
    }

    /** What the appender prints; empty when it leaves the event to the other one. */
    private static String line(String appender, Level level, String message) {
        Logger logger = CONTEXT.getLogger("prekeeper.app.Server");
        LoggingEvent event = new LoggingEvent(
                Logger.class.getName(), logger, level, message, new IllegalStateException("why"), null);
        ConsoleAppender<ILoggingEvent> console = (ConsoleAppender<ILoggingEvent>)
                CONTEXT.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender(appender);
        assertEquals("System.err", console.getTarget());
        return switch (console.getFilterChainDecision(event)) {
            case DENY -> "";
            case NEUTRAL, ACCEPT -> new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
        };
    }
}
