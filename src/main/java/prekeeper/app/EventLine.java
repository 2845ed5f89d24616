package prekeeper.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LevelToSyslogSeverity;
import ch.qos.logback.core.encoder.EncoderBase;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One event of the log as one line. Errors carry where they come from; below that, what happened is enough. */
public final class EventLine extends EncoderBase<ILoggingEvent> {
    private static final DateTimeFormatter MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    private static final String TEXT = "%-5level %logger{0}: %replace(%msg){'[\\r\\n]+', ' '}%nopex";
    private static final String TIMED = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} " + TEXT;

    private final Format format;
    private final PatternLayout text = new PatternLayout();
    private final PatternLayout cause = new PatternLayout();

    /** How a line looks. */
    enum Format {
        /** For people: time, level, class and text. */
        TEXT,
        /** For systemd's journal, which notes the time itself and reads the priority from {@code <N>}: class and text. */
        JOURNAL,
        /** For collectors of logs: an object with timestamp, level, logger, message and, of errors that have one, exception. */
        JSON
    }

    /** A line for people, as logback.xml has it. */
    public EventLine() {
        this(Format.TEXT);
    }

    EventLine(Format format) {
        this.format = format;
    }

    @Override
    public void start() {
        begin(text, format == Format.TEXT ? TIMED : TEXT.substring(TEXT.indexOf("%logger")));
        begin(cause, format == Format.JSON ? "%ex{12}" : "%replace( %ex{12}){'\\s+', ' '}%nopex");
        super.start();
    }

    private void begin(PatternLayout layout, String pattern) {
        layout.setContext(getContext());
        layout.setPattern(pattern);
        layout.start();
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        String line = switch (format) {
            case TEXT -> text.doLayout(event) + cause(event);
            case JOURNAL -> "<" + LevelToSyslogSeverity.convert(event) + ">" + text.doLayout(event) + cause(event);
            case JSON -> json(event);
        };
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private String cause(ILoggingEvent event) {
        return event.getLevel().isGreaterOrEqual(Level.ERROR) ? cause.doLayout(event) : "";
    }

    private String json(ILoggingEvent event) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("timestamp", MILLISECONDS.format(event.getInstant()));
        fields.put("level", event.getLevel().toString());
        fields.put("logger", event.getLoggerName());
        fields.put("message", event.getFormattedMessage());
        if (event.getThrowableProxy() != null && !cause(event).isEmpty()) {
            fields.put("exception", cause(event).strip());
        }
        return Json.GSON.toJson(fields);
    }

    /** Loaded when somebody wants JSON, since it takes memory. */
    private static final class Json {
        static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
