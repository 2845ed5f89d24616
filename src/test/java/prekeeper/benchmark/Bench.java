package prekeeper.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import prekeeper.crypto.PrimitivesBenchmark;
import prekeeper.xmpp.FairnessBenchmark;

/** Runs every benchmark and tells what was measured; bin/bench starts it. */
public final class Bench {
    private static final List<String> PRIMITIVES = List.of(
            "decode",
            "validate",
            "makeKeyPair",
            "ecdh",
            "sign",
            "verify",
            "ringSign",
            "ringVerify",
            "ecdhProof",
            "dhValidity",
            "dhProof",
            "kdf");
    private static final List<String> MESSAGES = List.of("dake1", "dake3Status", "dake3Publication", "retrieval");

    /** That a comparison is repeated in: each compiles a little differently. */
    private static final int PROCESSES = 3;

    private static final Path DOCUMENT = Path.of("docs", "benchmarks.md");
    private static final Path PICTURE = Path.of("docs", "pictures", "publication-cost.svg");

    private final Effort effort;
    private final Consumer<String> progress;

    /**
     * How thoroughly it is measured.
     *
     * @param quick once each and in this process: it tells that benchmarks run, and the figures say nothing
     * @param prekeyMessages that those publish whom others wait for
     * @param publishers so many publish at once
     * @param handshakes so many are done while nobody publishes
     * @param rounds so often all publish
     */
    record Effort(boolean quick, int prekeyMessages, int publishers, int handshakes, int rounds) {
        static final Effort FULL = new Effort(false, 255, 6, 500, 5);
        static final Effort QUICK = new Effort(true, 10, 2, 2, 1);
    }

    Bench(Effort effort, Consumer<String> progress) {
        this.effort = effort;
        this.progress = progress;
    }

    /** {@code --document} writes what was measured into docs/, too. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        Report report = new Bench(Effort.FULL, System.err::println).measure();
        System.out.print(report.markdown());
        if (List.of(arguments).contains("--document")) {
            Files.writeString(DOCUMENT, report.filledInto(Files.readString(DOCUMENT)));
            Files.createDirectories(PICTURE.getParent());
            Files.writeString(PICTURE, report.picture());
        }
    }

    Report measure() throws Exception {
        Machine before = Machine.now();
        List<Cost> costs = new ArrayList<>(primitive("bouncyCastleVerify"));
        for (String primitive : PRIMITIVES) {
            costs.addAll(primitive(primitive));
        }
        List<Cost> stored = new ArrayList<>();
        for (String message : MESSAGES) {
            costs.addAll(run(message, options(MessagesBenchmark.class, message).param("store", "NONE")));
            stored.addAll(run(
                    message + " with H2",
                    options(MessagesBenchmark.class, message)
                            .param("store", "H2")
                            .param("draft", "DEPLOYED")));
        }
        costs.addAll(primitive("bouncyCastleVerify"));
        Report.Compared handshake = compared();
        progress.accept("measuring handshakes beside publications");
        List<Long> alone;
        List<Long> beside = new ArrayList<>();
        try (FairnessBenchmark fairness = new FairnessBenchmark(effort.prekeyMessages())) {
            fairness.alone(effort.handshakes()); // until it is compiled
            alone = fairness.alone(effort.handshakes());
            for (int round = 0; round < effort.rounds(); round++) {
                beside.addAll(fairness.whileOthersPublish(effort.publishers()));
            }
        }
        return new Report(
                costs,
                stored,
                handshake,
                new Report.Waits(alone),
                new Report.Waits(beside),
                effort,
                before,
                Machine.now());
    }

    /** A handshake beside the yardstick, in several processes. */
    private Report.Compared compared() throws RunnerException {
        progress.accept("measuring handshake");
        ChainedOptionsBuilder options = options(MessagesBenchmark.class, "handshake")
                .param("store", "NONE")
                .param("draft", "DEPLOYED");
        if (!effort.quick()) {
            options.forks(PROCESSES);
        }
        return Report.Compared.of(new Runner(options.build()).runSingle());
    }

    private List<Cost> primitive(String name) throws RunnerException {
        return run(name, options(PrimitivesBenchmark.class, name).addProfiler(CpuTime.class));
    }

    private List<Cost> run(String name, ChainedOptionsBuilder options) throws RunnerException {
        progress.accept("measuring " + name);
        return new Runner(options.build()).run().stream().map(Cost::of).toList();
    }

    private ChainedOptionsBuilder options(Class<?> benchmark, String method) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmark.getName().replace(".", "\\.") + "\\." + method + "$")
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        if (effort.quick()) {
            options.forks(0).warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(1));
            Map.of("count", "1", "bytes", "64").forEach(options::param);
        }
        return options;
    }
}
