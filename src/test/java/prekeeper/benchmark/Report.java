package prekeeper.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import prekeeper.benchmark.CostPicture.Curve;
import prekeeper.benchmark.CostPicture.Mark;

/**
 * What was measured, in words, tables and a picture. Figures are microseconds of CPU time unless they say otherwise.
 *
 * @param costs of primitives, and of messages without a store; the yardstick is in it twice
 * @param stored of messages with a store
 * @param handshake a DAKE-1 and a DAKE-3 with status request beside the yardstick
 * @param alone handshakes while nobody publishes
 * @param beside handshakes while others publish
 */
record Report(
        List<Cost> costs,
        List<Cost> stored,
        Compared handshake,
        Waits alone,
        Waits beside,
        Bench.Effort effort,
        Machine before,
        Machine after) {
    private static final String BEGIN = "<!-- bin/bench writes from here -->\n";
    private static final String END = "<!-- to here -->\n";
    private static final String PICTURE =
            "\n![CPU time of a publication by its prekey messages](pictures/publication-cost.svg)\n\n";

    private static final String YARDSTICK = "bouncyCastleVerify";
    /** The yardstick on the machine that the targets were set for. */
    private static final double YARDSTICK_OF_TARGETS = 230;

    private static final double TARGET_HANDSHAKE = 1_300;
    private static final Map<Integer, Double> TARGETS_OF_PUBLICATIONS = Map.of(100, 60_000.0, 255, 150_000.0);

    private static final int STORM_USERS = 1_000_000;
    private static final int STORM_SECONDS = 1_800;

    private static final Map<String, String> DEPLOYED = Map.of("draft", "DEPLOYED");
    private static final Map<String, String> WORK = Map.ofEntries(
            Map.entry(YARDSTICK, "Bouncy Castle's Ed448 verification"),
            Map.entry("decode", "point decoded"),
            Map.entry("validate", "point decoded and validated"),
            Map.entry("makeKeyPair", "key pair made (base point multiplied)"),
            Map.entry("ecdh", "ECDH (any point multiplied)"),
            Map.entry("sign", "EdDSA signature made"),
            Map.entry("verify", "EdDSA signature verified"),
            Map.entry("ringSign", "ring signature made"),
            Map.entry("ringVerify", "ring signature verified"),
            Map.entry("ecdhProof", "ECDH proof verified"),
            Map.entry("dhValidity", "DH value validated"),
            Map.entry("dhProof", "DH proof verified"),
            Map.entry("kdf", "KDF"),
            Map.entry("dake1", "DAKE-1"),
            Map.entry("dake3Status", "DAKE-3 with status request"),
            Map.entry("dake3Publication", "DAKE-3 with publication"),
            Map.entry("retrieval", "retrieval of one ensemble"));

    /** How long somebody waited, in nanoseconds, each time; kept sorted. */
    record Waits(List<Long> nanos) {
        Waits {
            nanos = nanos.stream().sorted().toList();
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "median %.1f ms, worst %.1f ms of %d",
                    nanos.get(nanos.size() / 2) / 1e6,
                    nanos.get(nanos.size() - 1) / 1e6,
                    nanos.size());
        }
    }

    /** What was measured in turns with the yardstick: the one ratio that does not depend on the minute. */
    record Compared(double yardstickMicros, double micros) {
        static Compared of(RunResult result) {
            var counted = result.getSecondaryResults();
            double calls = counted.get("calls").getScore() * 1e3;
            return new Compared(
                    counted.get("yardstickNanos").getScore() / calls,
                    counted.get("handshakeNanos").getScore() / calls);
        }
    }

    /** {@code document} with this and the picture between its two marks. */
    String filledInto(String document) {
        int begin = document.indexOf(BEGIN);
        int end = document.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("a document without the marks that say where the figures stand");
        }
        return document.substring(0, begin + BEGIN.length()) + "\n" + markdown() + PICTURE + document.substring(end);
    }

    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "On %s: %s; load average %.1f before and %.1f after. Microseconds of CPU time; the yardstick took"
                        + " %s before the others and %s after, and *verifications* are so many times their mean.",
                before.day(),
                before,
                before.load(),
                after.load(),
                digits(yardsticks().get(0)),
                digits(yardsticks().get(1))));
        lines.add("");
        addTable(lines);
        lines.add("");
        addTargets(lines);
        lines.add("");
        lines.add(format(
                "Another user's handshakes with status requests while nobody publishes: %s. While %d users publish %d prekey"
                        + " messages each, all at once: %s. What the clients compute is left out.",
                alone, effort.publishers(), effort.prekeyMessages(), beside));
        lines.add("");
        addStorm(lines);
        return String.join("\n", lines) + "\n";
    }

    private void addTable(List<String> lines) {
        lines.add("| work | SPEC | DEPLOYED | verifications | with policy and H2 | times its cryptography | elapsed |");
        lines.add("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        Set<List<Object>> rows = new LinkedHashSet<>();
        for (Cost cost : costs) {
            if (rows.add(List.of(cost.name(), inBothDrafts(cost)))) {
                lines.add(row(cost));
            }
        }
    }

    private String row(Cost cost) {
        Map<String, String> same = inBothDrafts(cost);
        List<Cost> both =
                costs.stream().filter(other -> other.is(cost.name(), same)).toList();
        double spec = drafted(both, "SPEC");
        double deployed = drafted(both, "DEPLOYED");
        StringBuilder row = new StringBuilder(format(
                "| %s | %s | %s | %s |",
                WORK.get(cost.name()) + detail(same), digits(spec), digits(deployed), digits(deployed / yardstick())));
        Optional<Cost> whole =
                stored.stream().filter(other -> other.is(cost.name(), same)).findFirst();
        if (whole.isEmpty()) {
            return row.append(" | | |").toString();
        }
        double cryptography = cryptography(cost);
        return row.append(format(
                        " %s | %s | %s |",
                        digits(whole.get().cpuMicros()),
                        cryptography == 0 ? "" : digits(whole.get().cpuMicros() / cryptography),
                        digits(whole.get().elapsedMicros())))
                .toString();
    }

    private static double drafted(List<Cost> costs, String draft) {
        return costs.stream()
                .filter(cost -> cost.isInBothDrafts() || cost.parameters().containsValue(draft))
                .mapToDouble(Cost::cpuMicros)
                .average()
                .orElseThrow();
    }

    private static Map<String, String> inBothDrafts(Cost cost) {
        return cost.parameters().entrySet().stream()
                .filter(parameter ->
                        parameter.getKey().equals("count") || parameter.getKey().equals("bytes"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static String detail(Map<String, String> parameters) {
        if (parameters.containsKey("count")) {
            return " of " + parameters.get("count");
        }
        return parameters.containsKey("bytes") ? " of " + parameters.get("bytes") + " bytes" : "";
    }

    /** What the primitives in a message cost together, from the same run. */
    private double cryptography(Cost message) {
        return switch (message.name()) {
            case "dake1" ->
                3 * primitive("validate")
                        + primitive("verify")
                        + primitive("makeKeyPair")
                        + primitive("ecdh")
                        + primitive("ringSign");
            case "dake3Status" -> primitive("ringVerify");
            case "dake3Publication" -> publication(message.parameters().get("count"));
            default -> 0;
        };
    }

    /** With both profiles: three points and two signatures more. */
    private double publication(String count) {
        int n = Integer.parseInt(count);
        return primitive("ringVerify")
                + (n + 3) * primitive("validate")
                + 2 * primitive("verify")
                + n * primitive("dhValidity")
                + primitive("ecdhProof", Map.of("suite", "DEPLOYED", "count", "1"))
                + primitive("ecdhProof", Map.of("suite", "DEPLOYED", "count", count))
                + primitive("dhProof", Map.of("count", count));
    }

    private double primitive(String name) {
        return drafted(costs.stream().filter(cost -> cost.name().equals(name)).toList(), "DEPLOYED");
    }

    private double primitive(String name, Map<String, String> parameters) {
        return costs.stream()
                .filter(cost -> cost.is(name, parameters))
                .findFirst()
                .orElseThrow()
                .cpuMicros();
    }

    private void addTargets(List<String> lines) {
        lines.add("| target, where a verification takes 230 µs | allowed here | measured |");
        lines.add("| --- | ---: | ---: |");
        lines.add(target(
                "handshake: DAKE-1 and DAKE-3 with status request, in turns with the yardstick",
                TARGET_HANDSHAKE,
                handshake.yardstickMicros(),
                handshake.micros()));
        publications(costs)
                .filter(cost -> TARGETS_OF_PUBLICATIONS.containsKey(count(cost)))
                .forEach(cost -> lines.add(target(
                        "DAKE-3 with publication of " + count(cost),
                        TARGETS_OF_PUBLICATIONS.get(count(cost)),
                        yardstick(),
                        cost.cpuMicros())));
    }

    private static String target(String what, double micros, double yardstick, double measured) {
        return format(
                "| %s: %s | %s | %s |", what, digits(micros), digits(allowed(micros, yardstick)), digits(measured));
    }

    /** On a machine where a verification takes {@code yardstick}. */
    private static double allowed(double micros, double yardstick) {
        return micros * yardstick / YARDSTICK_OF_TARGETS;
    }

    private static double handshake(List<Cost> costs) {
        return costs.stream()
                .filter(cost -> cost.is("dake1", DEPLOYED) || cost.is("dake3Status", DEPLOYED))
                .mapToDouble(Cost::cpuMicros)
                .sum();
    }

    private static Stream<Cost> publications(List<Cost> costs) {
        return costs.stream().filter(cost -> cost.is("dake3Publication", DEPLOYED));
    }

    private static int count(Cost cost) {
        return Integer.parseInt(cost.parameters().get("count"));
    }

    private void addStorm(List<String> lines) {
        double perSecond = (double) STORM_USERS / STORM_SECONDS;
        double handshake = handshake(stored);
        lines.add(format(
                "A million users who come back within half an hour are %.0f handshakes a second. At %s µs each, policy and H2"
                        + " included, one processor does %.0f a second: they need %s processors of this kind, %s where a"
                        + " verification takes 230 µs.",
                perSecond,
                digits(handshake),
                1e6 / handshake,
                digits(perSecond * handshake / 1e6),
                digits(perSecond * handshake / 1e6 * YARDSTICK_OF_TARGETS / yardstick())));
        publications(stored)
                .filter(cost -> count(cost) == 100)
                .forEach(cost -> lines.add(format(
                        "Each publication of 100 costs as much as %.0f such handshakes: if one in ten of these users publishes 100"
                                + " (a DAKE-1 and a DAKE-3 more), they need %s processors more.",
                        cost.cpuMicros() / handshake, digits(perSecond / 10 * cost.cpuMicros() / 1e6))));
    }

    /** How the cost of a publication grows with its prekey messages. */
    String picture() {
        return new CostPicture(List.of(
                        new Curve("protocol", "#1f6feb", marks(costs)),
                        new Curve("with policy and H2", "#8250df", marks(stored)),
                        new Curve(
                                "allowed",
                                "#cf222e",
                                TARGETS_OF_PUBLICATIONS.entrySet().stream()
                                        .map(target -> new Mark(
                                                target.getKey(), allowed(target.getValue(), yardstick()) / 1e3))
                                        .sorted()
                                        .toList())))
                .svg();
    }

    private static List<Mark> marks(List<Cost> costs) {
        return publications(costs)
                .map(cost -> new Mark(count(cost), cost.cpuMicros() / 1e3))
                .sorted()
                .toList();
    }

    private List<Double> yardsticks() {
        return costs.stream()
                .filter(cost -> cost.name().equals(YARDSTICK))
                .map(Cost::cpuMicros)
                .toList();
    }

    private double yardstick() {
        return yardsticks().stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** Three digits are more than a machine repeats. */
    private static String digits(double value) {
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
