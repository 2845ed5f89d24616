package prekeeper.server;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One {@code { }} of the configuration. Reports names that it does not know and values that are not allowed. */
final class Block {
    private static final int SHOWN_CHARACTERS = 80;

    private final String path;
    private final ConfigObject values;
    private final Problems problems;

    private Block(String path, ConfigObject values, List<String> known, Problems problems) {
        this.path = path;
        this.values = values;
        this.problems = problems;
        values.forEach((name, value) -> {
            if (!known.contains(name)) {
                problems.add(value, path(ConfigUtil.joinPath(name)) + ": unknown setting; " + advice(name, known));
            }
        });
    }

    /** The whole file. */
    static Block root(ConfigObject values, Problems problems, String... known) {
        return new Block("", values, List.of(known), problems);
    }

    /** The block {@code name} in this one; an empty one when it is missing or no block. */
    Block block(String name, String... known) {
        ConfigObject inner = ConfigFactory.empty().root();
        ConfigValue value = value(name).orElse(inner);
        if (value instanceof ConfigObject object) {
            inner = object;
        } else {
            wrong(name, value, "a block { ... }");
        }
        return new Block(path(name), inner, List.of(known), problems);
    }

    /** The dotted name of a setting in this block, as errors write it. */
    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The value as it stands; empty when it is missing or {@code null}. */
    Optional<ConfigValue> value(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> value.valueType() != ConfigValueType.NULL);
    }

    /**
     * A value written as one word, number or text.
     *
     * @param expected what is allowed, for the error
     * @param parse empty for what is not allowed
     * @return empty when missing or, reported, wrong
     */
    <T> Optional<T> scalar(String name, String expected, Function<String, Optional<T>> parse) {
        return value(name).flatMap(value -> {
            Optional<T> parsed = text(value).flatMap(parse);
            if (parsed.isEmpty()) {
                wrong(name, value, expected);
            }
            return parsed;
        });
    }

    /**
     * A list of words.
     *
     * @param list what is expected when this is no list, for the error
     * @param element what is allowed in it, for the error
     * @return empty when missing or no list; without the elements that were reported as wrong
     */
    <T> Optional<List<T>> list(String name, String list, String element, Function<String, Optional<T>> parse) {
        ConfigValue value = value(name).orElse(null);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof ConfigList elements)) {
            wrong(name, value, list);
            return Optional.empty();
        }
        List<T> parsed = new ArrayList<>();
        for (ConfigValue one : elements) {
            text(one)
                    .flatMap(parse)
                    .ifPresentOrElse(
                            parsed::add,
                            () -> problems.add(one, path(name) + " has " + shown(one) + ", " + element + " expected"));
        }
        return Optional.of(parsed);
    }

    /** Reports that {@code name} is needed. */
    void missing(String name, String alternatives) {
        problems.add(path(name) + ": required setting is missing" + alternatives);
    }

    private void wrong(String name, ConfigValue value, String expected) {
        problems.add(value, path(name) + " is " + shown(value) + ", " + expected + " expected");
    }

    /** The text of a value as it was written; empty for lists and blocks. */
    static Optional<String> text(ConfigValue value) {
        return switch (value.valueType()) {
            // getString keeps what was written: 0815 stays 0815
            case STRING, NUMBER, BOOLEAN -> Optional.of(value.atKey("it").getString("it"));
            case LIST, OBJECT, NULL -> Optional.empty();
        };
    }

    private static String shown(ConfigValue value) {
        return switch (value.valueType()) {
            case LIST -> "a list";
            case OBJECT -> "a block";
            case NULL -> "null";
            case NUMBER, BOOLEAN -> text(value).orElseThrow();
            case STRING -> ConfigUtil.quoteString(shortened(text(value).orElseThrow()));
        };
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
    }

    private static String advice(String name, List<String> known) {
        String nearest = known.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .orElseThrow();
        return distance(name, nearest) <= Math.min(2, name.length() / 2)
                ? "did you mean " + nearest + "?"
                : "known here: " + String.join(", ", known);
    }

    /** Levenshtein's: how many characters to insert, remove or replace. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
