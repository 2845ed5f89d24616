package prekeeper.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The statistics behind bin/timing-leaks, on samples that are made up. */
class TimingComparisonTest {
    private static final int MEASUREMENTS = 20_000;

    private final Random random = new Random(1);

    /** {@code measure} makes a measurement of a kind. */
    private TimingComparison comparison(IntToDoubleFunction measure) {
        double[] first = new double[1_000];
        for (int i = 0; i < first.length; i++) {
            first[i] = measure.applyAsDouble(i % 2);
        }
        TimingComparison comparison = new TimingComparison(first);
        for (int i = 0; i < MEASUREMENTS; i++) {
            comparison.add(i % 2, measure.applyAsDouble(i % 2));
        }
        return comparison;
    }

    /** Once in a while a measurement takes a hundred times as long, as when something interrupts it. */
    private double noise() {
        double quiet = 1_000 + 10 * random.nextGaussian();
        return random.nextInt(20) == 0 ? quiet * 100 * random.nextDouble() : quiet;
    }

    @Test
    void tIsAsItIsByHand() {
        // means 3 and 6, variances 5/2 and 10: −3 / √(5/2/5 + 10/5)
        assertEquals(
                -3 / Math.sqrt(2.5),
                TimingComparison.t(new double[] {1, 2, 3, 4, 5}, new double[] {2, 4, 6, 8, 10}),
                1e-12);
        // means 4 and 2, variances 4 and 2, samples of 3 and 2: 2 / √(4/3 + 2/2)
        assertEquals(2 / Math.sqrt(7.0 / 3), TimingComparison.t(new double[] {2, 4, 6}, new double[] {1, 3}), 1e-12);
        assertEquals(0, TimingComparison.t(new double[] {7, 7}, new double[] {7, 7}));
    }

    @Test
    void whatTakesTheSameTimeIsNotSuspected() {
        TimingComparison same = comparison(kind -> noise());
        assertEquals(MEASUREMENTS, same.count());
        assertTrue(Math.abs(same.t()) < TimingComparison.SUSPICIOUS, () -> "t is " + same.t());
    }

    @Test
    void aSmallDifferenceIsFoundBelowNoiseThatHidesItFromAPlainT() {
        double[][] plain = new double[2][MEASUREMENTS];
        for (int i = 0; i < MEASUREMENTS; i++) {
            plain[0][i] = noise() + 5;
            plain[1][i] = noise();
        }
        double hidden = TimingComparison.t(plain[0], plain[1]);
        assertTrue(Math.abs(hidden) < TimingComparison.SUSPICIOUS, () -> "t is " + hidden);
        double found = comparison(kind -> noise() + (kind == 0 ? 5 : 0)).t();
        assertTrue(found > TimingComparison.CERTAIN, () -> "t is " + found);
    }

    @Test
    void theSignTellsWhichTakesLonger() {
        double found = comparison(kind -> noise() + (kind == 1 ? 5 : 0)).t();
        assertTrue(found < -TimingComparison.CERTAIN, () -> "t is " + found);
    }

    @Test
    void aDifferenceInFewMeasurementsIsFoundToo() {
        double found = comparison(kind -> noise() + (kind == 0 && random.nextInt(5) == 0 ? 30 : 0))
                .t();
        assertTrue(found > TimingComparison.CERTAIN, () -> "t is " + found);
    }
}
