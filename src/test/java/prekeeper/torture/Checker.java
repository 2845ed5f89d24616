package prekeeper.torture;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import prekeeper.torture.LogLine.Event;
import prekeeper.torture.Violation.Kind;

/**
 * Judges a store by what its clients wrote down, and by nothing else. It takes for granted that in the end, when all was calm,
 * somebody took whatever was left, so that what was not handed out is not stored either.
 *
 * <p>A query without an answer may have taken one prekey message of each device of its account, but none that was published after
 * it had ended. When a database is put back to an older state, what was published before may be lost; that it is handed out once
 * more is not excused by anything.
 */
final class Checker {
    /** A database may finish a transaction for a server that has been killed, though not for so long. */
    private static final Duration AFTERLIFE = Duration.ofSeconds(30);

    private static final int MOST_NAMED = 5;

    private final Map<Key, Fate> fates = new HashMap<>();

    /** By account: when it was known that an answer would not come. */
    private final Map<String, List<Instant>> unanswered = new HashMap<>();

    /** What was published before may be gone. */
    private Instant lastRestored = Instant.MIN;

    private final List<Violation> violations = new ArrayList<>();

    private record Key(String owner, String device, String identifier) {
        static Key of(Prekey prekey) {
            return new Key(prekey.owner(), prekey.device(), prekey.identifier());
        }

        String account() {
            return owner + "/" + device;
        }

        @Override
        public String toString() {
            return owner + "/" + device + "/" + identifier;
        }
    }

    /** @param where file and line of a log */
    private record HandedOut(String where, String digest) {}

    /** What the clients know of one prekey message. */
    private static final class Fate {
        private final List<Prekey> published = new ArrayList<>();
        private final List<HandedOut> handedOut = new ArrayList<>();
        private Instant firstSent = Instant.MAX;
        private boolean acknowledged;
        private boolean inDoubt;
    }

    private Checker() {}

    /** The promises that the store has broken, by the logs in {@code folder}; empty when it kept them all. */
    static List<Violation> check(Path folder) throws IOException {
        Checker checker = new Checker();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(ClientLog.SUFFIX))
                    .sorted()
                    .toList()) {
                checker.read(file);
            }
        }
        checker.fates.forEach(checker::judge);
        checker.judgeLosses();
        checker.violations.sort(Comparator.comparing(Violation::kind).thenComparing(Violation::what));
        return checker.violations;
    }

    private void read(Path file) throws IOException {
        LogLine begun = null;
        int number = 0;
        for (String written : Files.readAllLines(file)) {
            number++;
            LogLine line = LogLine.parse(written);
            switch (line.event()) {
                case PUBLISH, ASK -> {
                    if (begun != null) {
                        end(begun, new LogLine(line.at(), unknownEndOf(begun), begun.request(), List.of()), "");
                    }
                    begun = line;
                }
                case RESTORED -> lastRestored = line.at().isAfter(lastRestored) ? line.at() : lastRestored;
                case STORED, REFUSED, UNKNOWN, TAKEN, UNASKED, UNANSWERED -> {
                    if (begun == null || begun.request() != line.request()) {
                        throw new IOException(file + ": line " + number + " ends what was not begun");
                    }
                    end(begun, line, file.getFileName() + ":" + number);
                    begun = null;
                }
            }
        }
        if (begun != null) {
            end(begun, new LogLine(Instant.MAX, unknownEndOf(begun), begun.request(), List.of()), "");
        }
    }

    private static Event unknownEndOf(LogLine begun) {
        return begun.event() == Event.PUBLISH ? Event.UNKNOWN : Event.UNANSWERED;
    }

    private void end(LogLine begun, LogLine end, String where) {
        if (begun.event() == Event.PUBLISH) {
            begun.about().forEach(prekey -> published(Prekey.parse(prekey), begun.at(), end.event()));
        } else if (end.event() == Event.TAKEN) {
            end.about().forEach(prekey -> handedOut(Prekey.parse(prekey), where));
        } else if (end.event() == Event.UNANSWERED) {
            unanswered
                    .computeIfAbsent(begun.about().get(0), account -> new ArrayList<>())
                    .add(end.at());
        }
    }

    private void published(Prekey prekey, Instant sent, Event end) {
        Fate fate = fate(prekey);
        fate.published.add(prekey);
        fate.firstSent = sent.isBefore(fate.firstSent) ? sent : fate.firstSent;
        fate.acknowledged |= end == Event.STORED;
        fate.inDoubt |= end == Event.UNKNOWN;
    }

    private void handedOut(Prekey prekey, String where) {
        fate(prekey).handedOut.add(new HandedOut(where, prekey.digest()));
    }

    private Fate fate(Prekey prekey) {
        return fates.computeIfAbsent(Key.of(prekey), key -> new Fate());
    }

    private void judge(Key key, Fate fate) {
        if (fate.handedOut.isEmpty()) {
            return;
        }
        String told =
                key + " at " + fate.handedOut.stream().map(HandedOut::where).collect(joining(", "));
        Set<String> published = fate.published.stream().map(Prekey::digest).collect(toSet());
        if (fate.handedOut.size() > 1) {
            violations.add(new Violation(Kind.HANDED_OUT_TWICE, told));
        }
        if (published.isEmpty()) {
            violations.add(new Violation(Kind.INVENTED, told));
        } else if (!fate.acknowledged && !fate.inDoubt) {
            violations.add(new Violation(Kind.REFUSED_YET_STORED, told));
        } else if (!fate.handedOut.stream().allMatch(once -> published.contains(once.digest()))) {
            violations.add(new Violation(Kind.ALTERED, told));
        }
    }

    private void judgeLosses() {
        Map<String, List<Map.Entry<Key, Fate>>> missing = fates.entrySet().stream()
                .filter(entry -> isMissing(entry.getValue()))
                .collect(groupingBy(entry -> entry.getKey().account(), TreeMap::new, toList()));
        missing.values().forEach(this::judgeLossesOfDevice);
    }

    private boolean isMissing(Fate fate) {
        return fate.acknowledged && fate.handedOut.isEmpty() && fate.firstSent.isAfter(lastRestored);
    }

    /**
     * Each missing prekey message needs an unanswered query of its own that ended after it was sent. There are enough if for every
     * moment no more are missing that were sent from then on than there are such queries.
     */
    private void judgeLossesOfDevice(List<Map.Entry<Key, Fate>> missing) {
        String owner = missing.get(0).getKey().owner();
        List<Instant> ends = unanswered.getOrDefault(owner, List.of());
        List<Map.Entry<Key, Fate>> latestFirst = missing.stream()
                .sorted(Comparator.comparing((Map.Entry<Key, Fate> entry) -> entry.getValue().firstSent)
                        .reversed())
                .toList();
        long excess = 0;
        for (int i = 0; i < latestFirst.size(); i++) {
            Instant sent = latestFirst.get(i).getValue().firstSent;
            long excused = ends.stream()
                    .filter(end -> !end.isBefore(sent.minus(AFTERLIFE)))
                    .count();
            excess = Math.max(excess, i + 1 - excused);
        }
        if (excess > 0) {
            violations.add(new Violation(
                    Kind.LOST,
                    excess + " of " + missing.get(0).getKey().account() + "; " + missing.size() + " are missing, with "
                            + ends.size() + " queries unanswered, such as "
                            + latestFirst.stream()
                                    .limit(MOST_NAMED)
                                    .map(entry -> entry.getKey().identifier())
                                    .collect(joining(", "))));
        }
    }
}
