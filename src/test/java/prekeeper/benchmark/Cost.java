package prekeeper.benchmark;

import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/**
 * What one thing costs.
 *
 * @param name of the method that measured it
 * @param parameters that it was measured with
 * @param cpuMicros CPU time of all threads
 * @param elapsedMicros by the clock, with waits for a disk and for other processes
 */
record Cost(String name, Map<String, String> parameters, double cpuMicros, double elapsedMicros) {

    static Cost of(RunResult result) {
        BenchmarkParams params = result.getParams();
        String method = params.getBenchmark();
        double elapsed = result.getPrimaryResult().getScore();
        var others = result.getSecondaryResults();
        double cpu = others.containsKey(CpuTime.LABEL)
                ? others.get(CpuTime.LABEL).getScore()
                : others.get("nanos").getScore() / others.get("calls").getScore() / 1e3;
        return new Cost(
                method.substring(method.lastIndexOf('.') + 1),
                params.getParamsKeys().stream().collect(Collectors.toMap(key -> key, params::getParam)),
                cpu,
                elapsed);
    }

    boolean is(String asked, Map<String, String> askedParameters) {
        return name.equals(asked) && parameters.entrySet().containsAll(askedParameters.entrySet());
    }

    /** Whether it is the same in both drafts. */
    boolean isInBothDrafts() {
        return !parameters.containsKey("draft") && !parameters.containsKey("suite");
    }
}
