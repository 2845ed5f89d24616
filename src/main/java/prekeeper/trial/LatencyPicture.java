package prekeeper.trial;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Latencies over percentiles, as SVG. Both axes are logarithmic, the one below in what is left above a percentile, so that 90 %,
 * 99 % and 99.9 % are as far apart: the few that wait for long are as visible as the many that do not.
 *
 * @param title what was measured
 * @param subtitle under which circumstances
 * @param kinds those without an answer are left out
 */
public record LatencyPicture(String title, String subtitle, List<LoadReport.OfKind> kinds) {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 500;
    private static final int LEFT = 80;
    private static final int RIGHT = 760;
    private static final int TOP = 100;
    private static final int BOTTOM = 430;
    /** At least from 0 to 99 %. */
    private static final int LEAST_NINES = 2;

    private static final int MOST_NINES = 6;
    private static final double LEAST_MILLIS = 0.001;

    /** Leaves out what has no curve. */
    public LatencyPicture {
        kinds = kinds.stream().filter(kind -> kind.latency().isPresent()).toList();
    }

    /** The picture, which needs nothing beside it. */
    public String svg() {
        Axes axes = axes();
        List<String> parts = new ArrayList<>();
        parts.add(format(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'"
                        + " font-family='sans-serif' font-size='13' fill='#1f2328'>",
                WIDTH, HEIGHT, WIDTH, HEIGHT));
        parts.add("<title>" + escape(title) + "</title>");
        parts.add("<rect width='100%' height='100%' fill='white'/>");
        parts.add(format("<text x='%d' y='28' font-size='18' font-weight='bold'>%s</text>", LEFT, escape(title)));
        parts.add(format("<text x='%d' y='50' fill='#57606a'>%s</text>", LEFT, escape(subtitle)));
        parts.addAll(axes.rows());
        parts.addAll(axes.columns());
        parts.add(format(
                "<text x='%d' y='%d' text-anchor='middle'>percentile of requests</text>",
                (LEFT + RIGHT) / 2, BOTTOM + 45));
        parts.add(format(
                "<text transform='translate(22 %d) rotate(-90)' text-anchor='middle'>latency in milliseconds</text>",
                (TOP + BOTTOM) / 2));
        for (int i = 0; i < kinds.size(); i++) {
            parts.add(axes.curve(kinds.get(i)));
            parts.add(legend(kinds.get(i), LEFT + i * (RIGHT - LEFT) / LoadKind.values().length));
        }
        parts.add("</svg>");
        return parts.stream().collect(Collectors.joining("\n", "", "\n"));
    }

    private Axes axes() {
        List<LoadReport.Percentile> all = kinds.stream()
                .flatMap(kind -> kind.latency().orElseThrow().curve().stream())
                .toList();
        double least =
                all.stream().mapToDouble(LoadReport.Percentile::millis).min().orElse(1);
        double most =
                all.stream().mapToDouble(LoadReport.Percentile::millis).max().orElse(1);
        long answered =
                kinds.stream().mapToLong(LoadReport.OfKind::answered).max().orElse(1);
        int low = (int) Math.floor(Math.log10(Math.max(LEAST_MILLIS, least)));
        int high = (int) Math.ceil(Math.log10(Math.max(LEAST_MILLIS, most)));
        int nines = (int) Math.ceil(Math.log10((double) answered));
        return new Axes(low, Math.max(low + 1, high), Math.min(MOST_NINES, Math.max(LEAST_NINES, nines)));
    }

    private static String legend(LoadReport.OfKind kind, int x) {
        return format(
                "<path d='M%d %dh30' %s/><text x='%d' y='%d'>%s</text>",
                x,
                TOP - 24,
                stroke(kind.kind()),
                x + 38,
                TOP - 20,
                escape(kind.kind().label() + ", " + kind.answered()));
    }

    private static String stroke(LoadKind kind) {
        return format("fill='none' stroke='%s' stroke-width='2' stroke-dasharray='%s'", colour(kind), dashes(kind));
    }

    /** Those who see fewer colours can tell them apart, too. */
    private static String colour(LoadKind kind) {
        return switch (kind) {
            case HANDSHAKES -> "#0072b2";
            case PUBLICATIONS -> "#d55e00";
            case RETRIEVALS -> "#007a5a";
        };
    }

    private static String dashes(LoadKind kind) {
        return switch (kind) {
            case HANDSHAKES -> "none";
            case PUBLICATIONS -> "8 3";
            case RETRIEVALS -> "2 3";
        };
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /**
     * Where things are.
     *
     * @param low power of ten of milliseconds, at the bottom
     * @param high at the top, above {@code low}
     * @param nines how many the percentile at the right has, such as 3 for 99.9 %
     */
    private record Axes(int low, int high, int nines) {

        List<String> rows() {
            return IntStream.rangeClosed(low, high)
                    .mapToObj(power -> {
                        double y = y(Math.pow(10, power));
                        String finer = power == high
                                ? ""
                                : IntStream.rangeClosed(2, 9)
                                        .mapToObj(factor ->
                                                format("M%d %.1fH%d", LEFT, y(factor * Math.pow(10, power)), RIGHT))
                                        .collect(Collectors.joining("", "<path d='", "' stroke='#eef1f4'/>"));
                        return finer
                                + format(
                                        "<path d='M%d %.1fH%d' stroke='#b6bec7'/><text x='%d' y='%.1f'"
                                                + " text-anchor='end'>%s</text>",
                                        LEFT, y, RIGHT, LEFT - 8, y + 4, number(Math.pow(10, power)));
                    })
                    .toList();
        }

        List<String> columns() {
            return IntStream.rangeClosed(0, nines)
                    .mapToObj(nine -> {
                        double percent = 100 - 100 * Math.pow(10, -nine);
                        return format(
                                "<path d='M%.1f %dV%d' stroke='#b6bec7'/><text x='%.1f' y='%d'"
                                        + " text-anchor='middle'>%s %%</text>",
                                x(percent), TOP, BOTTOM, x(percent), BOTTOM + 20, number(percent));
                    })
                    .toList();
        }

        /** Up to the last percentile that has a request of its own, and there the longest of all. */
        String curve(LoadReport.OfKind kind) {
            LoadReport.Latency latency = kind.latency().orElseThrow();
            double last = 100 - 100.0 / kind.answered();
            String points = latency.curve().stream()
                    .filter(point -> point.percent() < last)
                    .map(point -> point(point.percent(), point.millis()))
                    .collect(Collectors.joining("L"));
            String end = point(last, latency.max());
            return format(
                    "<path d='M%s' %s stroke-linejoin='round'/><circle cx='%.1f' cy='%.1f' r='4' fill='%s'/>",
                    points.isEmpty() ? end : points + "L" + end,
                    stroke(kind.kind()),
                    x(last),
                    y(latency.max()),
                    colour(kind.kind()));
        }

        private String point(double percent, double millis) {
            return format("%.1f %.1f", x(percent), y(millis));
        }

        private double x(double percent) {
            double above = Math.max(Math.pow(10, -nines), 1 - percent / 100);
            return LEFT + (RIGHT - LEFT) * -Math.log10(above) / nines;
        }

        private double y(double millis) {
            double power = Math.log10(Math.max(LEAST_MILLIS, millis));
            return BOTTOM - (BOTTOM - TOP) * (power - low) / (high - low);
        }

        private static String number(double value) {
            return new BigDecimal(format("%.6f", value)).stripTrailingZeros().toPlainString();
        }
    }
}
