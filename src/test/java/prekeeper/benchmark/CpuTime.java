package prekeeper.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * CPU time an operation, of the whole process: unlike elapsed time it does not grow when something else runs on the machine. It
 * counts what prepares an invocation too, so only for benchmarks that prepare nothing.
 */
public final class CpuTime implements InternalProfiler {
    static final String LABEL = "cpu";

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private long begin;

    /** Nanoseconds of CPU time that this process has used. */
    static long now() {
        return SYSTEM.getProcessCpuTime();
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        begin = now();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double micros = (now() - begin) / 1e3 / result.getMetadata().getAllOps();
        return List.of(new ScalarResult(LABEL, micros, "us/op", AggregationPolicy.AVG));
    }

    @Override
    public String getDescription() {
        return "CPU time an operation";
    }
}
