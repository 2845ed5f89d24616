package prekeeper.torture;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import prekeeper.torture.LogLine.Event;

/** How often what was logged, by all clients together. Thread-safe. */
final class Counts {
    private final Map<Event, LongAdder> lines = zeros();
    private final Map<Event, LongAdder> words = zeros();

    private static Map<Event, LongAdder> zeros() {
        return Stream.of(Event.values()).collect(Collectors.toMap(Function.identity(), event -> new LongAdder()));
    }

    void add(Event event, int about) {
        lines.get(event).increment();
        words.get(event).add(about);
    }

    long of(Event event) {
        return lines.get(event).sum();
    }

    /** How many prekey messages, or accounts, these lines are about. */
    long wordsOf(Event event) {
        return words.get(event).sum();
    }

    /** In one line. */
    String summary() {
        return String.format(
                "%,d publications (%,d prekey messages), %,d acknowledged, %,d refused, %,d unknown;"
                        + " %,d queries, %,d prekey messages taken, %,d unanswered",
                of(Event.PUBLISH),
                wordsOf(Event.PUBLISH),
                of(Event.STORED),
                of(Event.REFUSED),
                of(Event.UNKNOWN),
                of(Event.ASK) - of(Event.UNASKED),
                wordsOf(Event.TAKEN),
                of(Event.UNANSWERED));
    }
}
