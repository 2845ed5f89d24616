package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped logback.xml, which the tests run with. */
class LogTest {
    /** Not that of the process, whose appenders other tests change. */
    private static final LoggerContext CONTEXT = new LoggerContext();

    @BeforeAll
    static void configure() throws Exception {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(CONTEXT);
        configurator.doConfigure(LogTest.class.getResource("/logback.xml"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.xmpp.component.AbstractComponent",
                "org.xmpp.packet.JID",
                "org.jivesoftware.whack.ExternalComponent"
            })
    void librariesThatLogStanzasAreSilent(String name) {
        assertFalse(CONTEXT.getLogger(name).isErrorEnabled());
    }

    @Test
    void otherLibrariesWarnAndPrekeeperInforms() {
        assertTrue(CONTEXT.getLogger("com.zaxxer.hikari.pool.HikariPool").isWarnEnabled());
        assertFalse(CONTEXT.getLogger("org.flywaydb.core.Flyway").isInfoEnabled());
        assertTrue(CONTEXT.getLogger("prekeeper.app.Server").isInfoEnabled());
        assertFalse(CONTEXT.getLogger("prekeeper.app.Server").isDebugEnabled());
    }

    @Test
    void commandsLogToTheStandardErrorSinceTheirResultsAreOnTheOutput() {
        ConsoleAppender<ILoggingEvent> console = (ConsoleAppender<ILoggingEvent>)
                CONTEXT.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("EVENTS");
        assertEquals("System.err", console.getTarget());
        assertTrue(text(console.getEncoder().encode(event(Level.INFO, "done"))).endsWith("Z INFO  Server: done\n"));
    }

    @Test
    void aWarningIsOneLineWithoutItsTrace() {
        String line = line(EventLine.Format.TEXT, Level.WARN, "two\nlines");
        assertTrue(
                line.matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]{12}(Z|[+-]\\d\\d:\\d\\d) WARN  Server: two lines\n"), line);
    }

    @Test
    void anErrorIsOneLineThatEndsWithItsTrace() {
        String line = line(EventLine.Format.TEXT, Level.ERROR, "it broke");
        assertTrue(
                line.contains(" ERROR Server: it broke java.lang.IllegalStateException: why at prekeeper.app.LogTest."),
                line);
        assertEquals(line.length() - 1, line.indexOf('\n'));
    }

    @ParameterizedTest
    @CsvSource({"ERROR, 3", "WARN, 4", "INFO, 6", "DEBUG, 7"})
    void theJournalIsToldThePriorityAndNotesTheTimeItself(String level, int priority) {
        String line = line(EventLine.Format.JOURNAL, Level.valueOf(level), "two\nlines");
        assertTrue(line.startsWith("<" + priority + ">Server: two lines"), line);
        assertEquals(line.length() - 1, line.indexOf('\n'));
        assertEquals(level.equals("ERROR"), line.contains("IllegalStateException: why at "), line);
    }

    @Test
    void aCollectorGetsAnObjectALine() {
        String warning = line(EventLine.Format.JSON, Level.WARN, "two\nlines of \"text\"");
        assertEquals(
                "{\"timestamp\":\"2026-01-01T12:00:00.500Z\",\"level\":\"WARN\",\"logger\":\"prekeeper.app.Server\","
                        + "\"message\":\"two\\nlines of \\\"text\\\"\"}\n",
                warning);
        String error = line(EventLine.Format.JSON, Level.ERROR, "it broke");
        assertEquals(error.length() - 1, error.indexOf('\n'));
        JsonObject object = JsonParser.parseString(error).getAsJsonObject();
        assertEquals(Set.of("timestamp", "level", "logger", "message", "exception"), object.keySet());
        String exception = object.get("exception").getAsString();
        assertTrue(exception.startsWith("java.lang.IllegalStateException: why"), exception);
    }

    @Test
    void theOutputIsTheJournalWhenItIsWhatTheEnvironmentNames(@TempDir Path folder) throws Exception {
        Path output = Files.createFile(folder.resolve("output"));
        String stream = Files.getAttribute(output, "unix:dev") + ":" + Files.getAttribute(output, "unix:ino");
        assertTrue(EventLog.isJournal(Map.of(EventLog.JOURNAL_STREAM, stream), output));
        assertFalse(EventLog.isJournal(Map.of(EventLog.JOURNAL_STREAM, "1:" + stream), output));
        assertFalse(EventLog.isJournal(Map.of(), output));
        assertFalse(EventLog.isJournal(Map.of(EventLog.JOURNAL_STREAM, stream), folder.resolve("none")));
    }

    private static String line(EventLine.Format format, Level level, String message) {
        EventLine line = new EventLine(format);
        line.setContext(CONTEXT);
        line.start();
        return text(line.encode(event(level, message)));
    }

    private static LoggingEvent event(Level level, String message) {
        LoggingEvent event = new LoggingEvent(
                Logger.class.getName(),
                CONTEXT.getLogger("prekeeper.app.Server"),
                level,
                message,
                new IllegalStateException("why"),
                null);
        event.setInstant(Instant.parse("2026-01-01T12:00:00.500Z"));
        return event;
    }

    private static String text(byte[] line) {
        return new String(line, StandardCharsets.UTF_8);
    }
}
