package prekeeper.torture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import prekeeper.it.Scratch;

/** A short torture; {@code bin/torture} runs long ones. */
abstract class TortureSuite {
    private static final int KILLS = Integer.getInteger("prekeeper.kills", 4);

    private final Victim victim;

    TortureSuite(Victim victim) {
        this.victim = victim;
    }

    @Test
    void nothingIsHandedOutTwiceAndNothingLostWhateverIsKilled() throws Exception {
        try (Scratch scratch = Scratch.create()) {
            Torture.Verdict verdict = Torture.run(victim, KILLS, scratch, System.out::println);
            if (!verdict.violations().isEmpty()) {
                scratch.keep();
            }
            assertTrue(
                    verdict.violations().isEmpty(),
                    () -> verdict.violations().stream()
                            .map(Violation::toString)
                            .collect(Collectors.joining("\n", "by the logs in " + scratch.folder() + ":\n", "")));
        }
    }
}
