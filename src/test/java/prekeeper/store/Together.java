package prekeeper.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Callers that come at once. */
final class Together {

    private Together() {}

    interface Work<T> {
        T run(int thread) throws Exception;
    }

    /** Runs {@code work} on all threads at once, with the number of the thread; what has not ended after 30 s fails. */
    static <T> List<T> together(int threads, Work<T> work) throws Exception {
        return together(threads, work, 30);
    }

    /** The same however long it takes. */
    static <T> List<T> togetherUntilDone(int threads, Work<T> work) throws Exception {
        return together(threads, work, Long.MAX_VALUE);
    }

    private static <T> List<T> together(int threads, Work<T> work, long seconds) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Callable<T>> calls = IntStream.range(0, threads)
                    .<Callable<T>>mapToObj(number -> () -> {
                        start.await();
                        return work.run(number);
                    })
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> result : pool.invokeAll(calls, seconds, TimeUnit.SECONDS)) {
                results.add(result.get());
            }
            return results;
        } finally {
            pool.shutdown();
        }
    }
}
