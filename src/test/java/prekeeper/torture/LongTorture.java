package prekeeper.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import prekeeper.it.Scratch;
import prekeeper.store.PowerCuts;

/** Tortures for as long as one likes. Its arguments come from {@code bin/torture}, which explains them. */
public final class LongTorture {
    private static final int MOST_TOLD = 20;

    /** Images are cheaper than kills. */
    private static final int POWER_CUTS_A_KILL = 20;

    private LongTorture() {}

    /** One victim's. */
    private interface Trial {
        /** What was wrong; how much was tried is told to {@code narrator}. */
        List<String> violations(Scratch scratch, Consumer<String> narrator) throws Exception;
    }

    /** Ends with status 0 when every promise was kept, 1 otherwise; the logs are kept then. */
    public static void main(String[] arguments) {
        int kills = Integer.parseInt(arguments[0]);
        List<String> words = List.of(arguments).subList(1, arguments.length);
        Map<String, Trial> trials = new LinkedHashMap<>();
        for (Victim victim : Victim.values()) {
            trials.put(victim.word(), (scratch, narrator) -> kill(victim, kills, scratch, narrator));
        }
        trials.put("power-cut", (scratch, narrator) -> cutPower(kills * POWER_CUTS_A_KILL, scratch, narrator));
        trials.keySet().retainAll(words);
        long failed = trials.entrySet().stream()
                .filter(trial -> !survives(trial.getKey(), trial.getValue()))
                .count();
        System.exit(failed == 0 ? 0 : 1);
    }

    private static List<String> kill(Victim victim, int kills, Scratch scratch, Consumer<String> narrator)
            throws Exception {
        Torture.Verdict verdict = Torture.run(victim, kills, scratch, narrator);
        narrator.accept(verdict.violations().size() + " violations after " + kills + " kills: "
                + verdict.counts().summary());
        return verdict.violations().stream().map(Violation::toString).toList();
    }

    private static List<String> cutPower(int cuts, Scratch scratch, Consumer<String> narrator) throws Exception {
        return PowerCuts.run(Files.createDirectory(scratch.folder().resolve("disk")), cuts, narrator)
                .violations();
    }

    private static boolean survives(String victim, Trial trial) {
        Consumer<String> narrator = line -> System.out.println(victim + ": " + line);
        try (Scratch scratch = Scratch.create()) {
            try {
                List<String> violations = trial.violations(scratch, narrator);
                if (violations.isEmpty()) {
                    return true;
                }
                violations.stream().limit(MOST_TOLD).forEach(narrator);
                report(victim, scratch, "broke promises");
            } catch (Exception | AssertionError e) {
                report(victim, scratch, e.toString());
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void report(String victim, Scratch scratch, String what) {
        if (!scratch.hasEnded()) { // interrupted: that something failed then is no news
            scratch.keep();
            System.err.println("torture: error: " + victim + ": " + what);
            System.err.println("torture: hint: the logs are in " + scratch.folder());
        }
    }
}
