package prekeeper.crypto;

import java.util.Arrays;

/**
 * Whether two kinds of work take the same time, told from many measurements of each. Welch's t is how many standard errors their
 * means are apart; it is taken of all measurements and of those below each of many percentiles, since what a machine does besides
 * makes the slowest ones say nothing (Reparaz, Balasch and Verbauwhede, "Dude, is my code constant time?", section 3).
 */
final class TimingComparison {
    /** Beyond this something differs, or chance played: with so many t, one in some ten runs comes here; measure longer. */
    static final double SUSPICIOUS = 4.5;

    /** Beyond this it is no chance. */
    static final double CERTAIN = 10;

    private static final int CROPS = 50;
    /** A mean of few measurements is not normally distributed, and its t says nothing. */
    private static final int ENOUGH = 200;

    private final double[] bounds;
    private final Sample[][] samples;

    /** @param first some measurements of both kinds, which tell where to crop and are not counted */
    TimingComparison(double[] first) {
        double[] sorted = first.clone();
        Arrays.sort(sorted);
        bounds = new double[CROPS];
        samples = new Sample[CROPS][2];
        for (int i = 0; i < CROPS; i++) {
            // ever closer to all: 1 − 2^(−10·i/CROPS) of the measurements, as dudect crops; the last bound is none
            double share = 1 - Math.pow(0.5, 10.0 * (i + 1) / CROPS);
            bounds[i] = i == CROPS - 1 ? Double.POSITIVE_INFINITY : sorted[(int) (share * (sorted.length - 1))];
            samples[i][0] = new Sample();
            samples[i][1] = new Sample();
        }
    }

    /** Counts a measurement of kind 0 or 1. */
    void add(int kind, double value) {
        for (int i = CROPS - 1; i >= 0 && value <= bounds[i]; i--) {
            samples[i][kind].add(value);
        }
    }

    /** How many were counted. */
    long count() {
        return samples[CROPS - 1][0].count + samples[CROPS - 1][1].count;
    }

    /** The t furthest from zero; positive when kind 0 takes longer. */
    double t() {
        double furthest = 0;
        for (Sample[] pair : samples) {
            double t = pair[0].count < ENOUGH || pair[1].count < ENOUGH ? 0 : t(pair[0], pair[1]);
            furthest = Math.abs(t) > Math.abs(furthest) ? t : furthest;
        }
        return furthest;
    }

    private static double t(Sample a, Sample b) {
        double error = Math.sqrt(a.variance() / a.count + b.variance() / b.count);
        double difference = a.mean - b.mean;
        return difference == 0 ? 0 : difference / error;
    }

    /** t of two whole samples, none of which is cropped. */
    static double t(double[] a, double[] b) {
        Sample first = new Sample();
        Sample second = new Sample();
        Arrays.stream(a).forEach(first::add);
        Arrays.stream(b).forEach(second::add);
        return t(first, second);
    }

    /** Mean and variance without keeping the values (Welford's method). */
    private static final class Sample {
        private long count;
        private double mean;
        private double squares;

        void add(double value) {
            count++;
            double difference = value - mean;
            mean += difference / count;
            squares += difference * (value - mean);
        }

        double variance() {
            return squares / (count - 1);
        }
    }
}
