package prekeeper.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import prekeeper.it.Scratch;

/** Tortures for as long as one likes. Its arguments come from {@code bin/torture}, which explains them. */
public final class LongTorture {
    private static final int MOST_TOLD = 20;

    private LongTorture() {}

    /** Ends with status 0 when every promise was kept, 1 otherwise; the logs are kept then. */
    public static void main(String[] arguments) {
        int kills = Integer.parseInt(arguments[0]);
        List<String> words = List.of(arguments).subList(1, arguments.length);
        long failed = Stream.of(Victim.values())
                .filter(victim -> words.contains(victim.word()))
                .filter(victim -> !survives(victim, kills))
                .count();
        System.exit(failed == 0 ? 0 : 1);
    }

    private static boolean survives(Victim victim, int kills) {
        Consumer<String> narrator = line -> System.out.println(victim.word() + ": " + line);
        try (Scratch scratch = Scratch.create()) {
            try {
                Torture.Verdict verdict = Torture.run(victim, kills, scratch, narrator);
                verdict.violations().stream()
                        .limit(MOST_TOLD)
                        .forEach(violation -> narrator.accept(violation.toString()));
                narrator.accept(verdict.violations().size() + " violations after " + kills + " kills: "
                        + verdict.counts().summary());
                if (verdict.violations().isEmpty()) {
                    return true;
                }
                report(victim, scratch, "broke promises");
            } catch (Exception | AssertionError e) {
                report(victim, scratch, e.toString());
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void report(Victim victim, Scratch scratch, String what) {
        if (!scratch.hasEnded()) { // interrupted: that something failed then is no news
            scratch.keep();
            System.err.println("torture: error: " + victim.word() + ": " + what);
            System.err.println("torture: hint: the logs are in " + scratch.folder());
        }
    }
}
