package prekeeper.app;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import prekeeper.crypto.Bytes;

/**
 * The fields of one JSON object, each asked for once: by name, type and range. What is left at the end is unknown, and refused.
 * Every text says what was found and what is allowed, and quotes no value.
 */
final class JsonFields {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,19}");

    private final Map<String, Object> fields;

    private JsonFields(Map<String, Object> fields) {
        this.fields = fields;
    }

    /** A line that is not what it should be. */
    static final class WrongException extends Exception {
        private static final long serialVersionUID = 1L;

        WrongException(String message) {
            super(message);
        }
    }

    /** Reads a text that is one object and nothing else. */
    static JsonFields read(String text) throws WrongException {
        try (JsonReader in = new JsonReader(new StringReader(text))) {
            in.setStrictness(Strictness.STRICT);
            if (in.peek() != JsonToken.BEGIN_OBJECT) {
                throw new WrongException("a JSON object expected");
            }
            JsonFields fields = new JsonFields(object(in, 0));
            if (in.peek() != JsonToken.END_DOCUMENT) {
                throw new WrongException("something behind the JSON object");
            }
            return fields;
        } catch (MalformedJsonException | IllegalStateException | NumberFormatException e) {
            throw new WrongException("not valid JSON");
        } catch (IOException e) { // such as an end in the middle
            throw new WrongException("not a whole JSON object; the file was cut or changed");
        }
    }

    private static Map<String, Object> object(JsonReader in, int depth) throws IOException, WrongException {
        Map<String, Object> fields = new LinkedHashMap<>();
        in.beginObject();
        while (in.hasNext()) {
            String name = in.nextName();
            if (fields.put(name, value(in, depth)) != null) {
                throw new WrongException("two fields of one name");
            }
        }
        in.endObject();
        return fields;
    }

    private static Object value(JsonReader in, int depth) throws IOException, WrongException {
        JsonToken next = in.peek();
        return switch (next) {
            case STRING -> in.nextString();
            case BOOLEAN -> in.nextBoolean();
            case NUMBER -> wholeNumber(in.nextString());
            case BEGIN_ARRAY -> numbers(in);
            case BEGIN_OBJECT -> {
                if (depth > 0) {
                    throw new WrongException("an object inside of an object inside of an object");
                }
                yield new JsonFields(object(in, depth + 1));
            }
            default -> throw new WrongException("a value that is " + next);
        };
    }

    private static List<Long> numbers(JsonReader in) throws IOException, WrongException {
        List<Long> numbers = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
            if (in.peek() != JsonToken.NUMBER) {
                throw new WrongException("a list of anything but numbers");
            }
            numbers.add(wholeNumber(in.nextString()));
        }
        in.endArray();
        return numbers;
    }

    private static Long wholeNumber(String text) throws WrongException {
        if (!WHOLE_NUMBER.matcher(text).matches()) {
            throw new WrongException("a number that is not whole, or has more than 19 digits");
        }
        return Long.valueOf(text);
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** Text that is {@code allowed}, in words {@code expected}. */
    String text(String name, Pattern allowed, String expected) throws WrongException {
        String text = take(name, String.class, "text");
        if (!allowed.matcher(text).matches()) {
            throw new WrongException(name + " is not " + expected);
        }
        return text;
    }

    /** Text of 1 to {@code most} characters. */
    String text(String name, int most) throws WrongException {
        String text = take(name, String.class, "text");
        if (text.isEmpty() || text.length() > most) {
            throw new WrongException(name + " of " + text.length() + " characters, 1 to " + most + " allowed");
        }
        return text;
    }

    long number(String name, long least, long most) throws WrongException {
        return inRange(name, take(name, Long.class, "a whole number"), least, most);
    }

    boolean flag(String name) throws WrongException {
        return take(name, Boolean.class, "true or false");
    }

    /** Hexadecimal digits of so many bytes. */
    Bytes hex(String name, int bytes) throws WrongException {
        String text = take(name, String.class, "text");
        if (!text.matches("[0-9a-f]{" + 2 * bytes + "}")) {
            throw new WrongException(name + " is not " + 2 * bytes + " hexadecimal digits");
        }
        return Bytes.of(HexFormat.of().parseHex(text));
    }

    /** Base64 of 1 to {@code most} bytes. */
    Bytes base64(String name, int most) throws WrongException {
        String text = take(name, String.class, "text");
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new WrongException(name + " is not base64");
        }
        if (bytes.length == 0 || bytes.length > most) {
            throw new WrongException(name + " of " + bytes.length + " bytes, 1 to " + most + " allowed");
        }
        return Bytes.of(bytes);
    }

    List<Long> numbers(String name, long least, long most) throws WrongException {
        List<Long> numbers = new ArrayList<>();
        for (Object each : take(name, List.class, "a list of numbers")) {
            numbers.add(inRange(name, (Long) each, least, most));
        }
        return numbers;
    }

    Optional<JsonFields> object(String name) throws WrongException {
        if (!has(name)) {
            return Optional.empty();
        }
        return Optional.of(take(name, JsonFields.class, "an object"));
    }

    /** To be called when everything that may be there was asked for. */
    void finish() throws WrongException {
        if (!fields.isEmpty()) {
            throw new WrongException(fields.size() + " unknown fields; was it written by a newer prekeeper?");
        }
    }

    private <T> T take(String name, Class<T> type, String expected) throws WrongException {
        Object value = fields.remove(name);
        if (!type.isInstance(value)) {
            throw new WrongException(name + (value == null ? " is missing" : " is not " + expected));
        }
        return type.cast(value);
    }

    private static long inRange(String name, long number, long least, long most) throws WrongException {
        if (number < least || number > most) {
            throw new WrongException(name + " is " + number + ", " + least + " to " + most + " allowed");
        }
        return number;
    }
}
