package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void pausesDoubleUpToTheLongestAndVaryByAQuarter() {
        long[] most = {1000, 2000, 4000, 4000, 4000};
        for (int failures = 1; failures <= most.length; failures++) {
            for (int i = 0; i < 100; i++) {
                long pause = Pace.DEFAULT.pauseAfter(failures).toMillis();
                long longest = most[failures - 1];
                assertTrue(pause <= longest && pause >= longest * 3 / 4, failures + ": " + pause);
            }
        }
    }

    @Test
    void noNumberOfFailuresOverflows() {
        assertTrue(Pace.DEFAULT.pauseAfter(Integer.MAX_VALUE).compareTo(Duration.ofSeconds(3)) >= 0);
    }

    @Test
    void componentsThatFailTogetherDoNotComeBackTogether() {
        long different = IntStream.range(0, 50)
                .mapToObj(i -> Pace.DEFAULT.pauseAfter(4))
                .distinct()
                .count();
        assertTrue(different > 1);
        assertEquals(Duration.ofSeconds(4), Pace.DEFAULT.longest());
    }
}
