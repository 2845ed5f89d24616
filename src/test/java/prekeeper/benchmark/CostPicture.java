package prekeeper.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Milliseconds over the number of prekey messages, as SVG; both axes begin at zero and are linear, so what is twice as high costs twice. */
record CostPicture(List<Curve> curves) {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    private static final int LEFT = 60;
    private static final int TOP = 20;
    private static final int RIGHT = 620;
    private static final int BOTTOM = 350;
    private static final int MOST_MESSAGES = 255;
    private static final int STEPS = 5;

    /** One measured cost. */
    record Mark(int messages, double millis) implements Comparable<Mark> {
        @Override
        public int compareTo(Mark other) {
            return Integer.compare(messages, other.messages);
        }
    }

    /**
     * Costs of one kind.
     *
     * @param colour of SVG
     * @param marks in ascending order
     */
    record Curve(String name, String colour, List<Mark> marks) {}

    String svg() {
        double step = step(curves.stream()
                .flatMap(curve -> curve.marks.stream())
                .mapToDouble(Mark::millis)
                .max()
                .orElse(1));
        Stream<String> rows = Stream.iterate(0, i -> i <= STEPS, i -> i + 1).map(i -> {
            double y = y(i * step, step);
            return format(
                    "<path d='M%d %.1fH%d' stroke='#d0d7de'/><text x='%d' y='%.1f' text-anchor='end'>%s</text>",
                    LEFT, y, RIGHT, LEFT - 8, y + 4, step < 1 ? format("%.1f", i * step) : format("%.0f", i * step));
        });
        Stream<String> columns = Stream.of(1, 50, 100, 150, 200, MOST_MESSAGES)
                .map(n -> format("<text x='%.1f' y='%d' text-anchor='middle'>%d</text>", x(n), BOTTOM + 18, n));
        Stream<String> lines = curves.stream().map(curve -> line(curve, step));
        Stream<String> names = Stream.iterate(0, i -> i < curves.size(), i -> i + 1)
                .map(i -> format(
                        "<text x='%d' y='%d' fill='%s'>%s</text>",
                        LEFT + 16, TOP + 18 * (i + 1), curves.get(i).colour, curves.get(i).name));
        return Stream.of(
                        Stream.of(
                                format(
                                        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif'"
                                                + " font-size='13'>",
                                        WIDTH, HEIGHT),
                                "<title>CPU time of a publication by its prekey messages</title>",
                                "<rect width='100%' height='100%' fill='white'/>"),
                        rows,
                        columns,
                        Stream.of(format(
                                "<text x='%d' y='%d' text-anchor='middle'>prekey messages in the publication; milliseconds of CPU"
                                        + " time</text>",
                                (LEFT + RIGHT) / 2, BOTTOM + 40)),
                        lines,
                        names,
                        Stream.of("</svg>"))
                .flatMap(part -> part)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String line(Curve curve, double step) {
        String path = curve.marks.stream()
                .map(mark -> format("%.1f %.1f", x(mark.messages), y(mark.millis, step)))
                .collect(Collectors.joining("L", "M", ""));
        String dots = curve.marks.stream()
                .map(mark -> format("<circle cx='%.1f' cy='%.1f' r='4'/>", x(mark.messages), y(mark.millis, step)))
                .collect(Collectors.joining());
        return format(
                "<path d='%s' fill='none' stroke='%s' stroke-width='2'/><g fill='%s'>%s</g>",
                path, curve.colour, curve.colour, dots);
    }

    /** A round number of milliseconds, five of which are enough for {@code most}. */
    private static double step(double most) {
        double power = Math.pow(10, Math.floor(Math.log10(most / STEPS)));
        return Stream.of(1.0, 2.0, 5.0, 10.0)
                .map(factor -> factor * power)
                .filter(step -> step * STEPS >= most)
                .findFirst()
                .orElseThrow();
    }

    private static double x(int messages) {
        return LEFT + (double) (RIGHT - LEFT) * messages / MOST_MESSAGES;
    }

    private static double y(double millis, double step) {
        return BOTTOM - (BOTTOM - TOP) * millis / (STEPS * step);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
