package prekeeper.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
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
 * CPU time an operation, of all Java threads: unlike elapsed time it does not grow when something else runs on the machine, and
 * unlike the time of the process it leaves out the JIT compiler (and the garbage collector) and is finer than 10 ms. This profiler
 * counts what prepares an invocation too, so it is only for benchmarks that prepare nothing.
 */
public final class CpuTime implements InternalProfiler {
    static final String LABEL = "cpu";

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private long begin;

    /** Nanoseconds of CPU time that the threads that live now have used. */
    static long now() {
        return Arrays.stream(THREADS.getAllThreadIds())
                .map(THREADS::getThreadCpuTime)
                .filter(nanos -> nanos > 0) // it has ended meanwhile
                .sum();
    }

    /** Nanoseconds of CPU time that this thread has used: little is used to find out, for there are many threads. */
    static long ofThisThread() {
        return THREADS.getCurrentThreadCpuTime();
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
