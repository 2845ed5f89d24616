package prekeeper.quickstart;

import java.io.PrintStream;
import java.time.Duration;

/** Prints numbered steps with the time that each took. */
final class Narrator {
    private static final String INDENT = "              ";

    private final PrintStream out;
    private final long start = System.nanoTime();
    private long stepStart = start;
    private int steps;

    Narrator(PrintStream out) {
        this.out = out;
    }

    /** Tells of a step that has just succeeded; further lines go below the first. */
    void step(String... lines) {
        long now = System.nanoTime();
        steps++;
        out.printf(
                " %2d. %5.2f s  %s%n",
                steps, seconds(now - stepStart), String.join(System.lineSeparator() + INDENT, lines));
        out.flush();
        stepStart = now;
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    /** How many steps have succeeded. */
    int steps() {
        return steps;
    }

    /** Time since the first step began. */
    String total() {
        return String.format("%.1f s", seconds(System.nanoTime() - start));
    }

    private static double seconds(long nanos) {
        return Duration.ofNanos(nanos).toMillis() / 1000.0;
    }
}
