package prekeeper.server;

import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with a configuration, so that an administrator mends it once and not line by line. */
final class Problems {
    private record Problem(String place, int line, String text) {}

    private final List<Problem> found = new ArrayList<>();
    private final String source;

    /** Of settings that come from {@code source}, where nothing more is known of a value. */
    Problems(String source) {
        this.source = source;
    }

    /** Something is wrong with a value. */
    void add(ConfigValue value, String text) {
        String place = SettingsFile.place(source, value.origin());
        found.add(new Problem(place, value.origin().lineNumber(), text));
    }

    /** Something is wrong that stands in no line: it is missing. */
    void add(String text) {
        found.add(new Problem(source, Integer.MAX_VALUE, text));
    }

    /** Something is wrong with the environment. */
    void addVariable(String name, String text) {
        found.add(new Problem("environment variable " + name, Integer.MAX_VALUE, text));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** One line a problem, in the order of the file's lines, what is missing last. */
    List<String> lines() {
        return found.stream()
                .sorted(Comparator.comparingInt(Problem::line))
                .map(problem -> problem.place() + ": " + problem.text())
                .toList();
    }
}
