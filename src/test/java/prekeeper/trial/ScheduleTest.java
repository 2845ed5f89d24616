package prekeeper.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import prekeeper.trial.Schedule.Due;

class ScheduleTest {
    private static final Duration DURATION = Duration.ofSeconds(2000);
    private static final Map<LoadKind, Double> RATES =
            Map.of(LoadKind.HANDSHAKES, 10.0, LoadKind.PUBLICATIONS, 0.5, LoadKind.RETRIEVALS, 0.0);

    @Test
    void eachKindComesAtItsOwnRateAndOneOfNoneNever() {
        List<Due> all = all();
        assertEquals(20_000, count(all, LoadKind.HANDSHAKES), 5 * Math.sqrt(20_000));
        assertEquals(1000, count(all, LoadKind.PUBLICATIONS), 5 * Math.sqrt(1000));
        assertEquals(0, count(all, LoadKind.RETRIEVALS));
    }

    @Test
    void momentsAscendAndEndWithTheDuration() {
        List<Due> all = all();
        for (int i = 1; i < all.size(); i++) {
            assertTrue(all.get(i - 1).at() <= all.get(i).at());
        }
        assertTrue(all.get(all.size() - 1).at() < DURATION.toNanos());
    }

    @Test
    void gapsAreThoseOfPeopleWhoDoNotKnowOfEachOther() {
        List<Due> handshakes =
                all().stream().filter(due -> due.kind() == LoadKind.HANDSHAKES).toList();
        double sum = 0;
        double squares = 0;
        long shorter = 0;
        for (int i = 1; i < handshakes.size(); i++) {
            double gap = (handshakes.get(i).at() - handshakes.get(i - 1).at()) / 1e9;
            sum += gap;
            squares += gap * gap;
            shorter += gap < 0.1 ? 1 : 0;
        }
        double number = handshakes.size() - 1.0;
        double mean = sum / number;
        assertEquals(0.1, mean, 0.005);
        // an exponential distribution is as wide as its mean, and 1 - 1/e of it is shorter than that
        assertEquals(0.1, Math.sqrt(squares / number - mean * mean), 0.005);
        assertEquals(1 - 1 / Math.E, shorter / number, 0.02);
    }

    private static List<Due> all() {
        Schedule schedule = new Schedule(RATES, DURATION, new Random(4));
        List<Due> all = new ArrayList<>();
        for (Optional<Due> due = schedule.next(); due.isPresent(); due = schedule.next()) {
            all.add(due.get());
        }
        return all;
    }

    private static double count(List<Due> all, LoadKind kind) {
        return all.stream().filter(due -> due.kind() == kind).count();
    }
}
