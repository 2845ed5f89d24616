package prekeeper.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import prekeeper.benchmark.Bench.Effort;

/** That the benchmarks run, and what becomes of their figures; what the figures are is not judged here. */
class BenchTest {

    @Test
    void everyBenchmarkRunsAndEveryFigureIsTold() throws Exception {
        System.setProperty(
                "jmh.ignoreLock", "true"); // which keeps figures of two runs apart, and here they do not count
        List<String> progress = new ArrayList<>();
        Report report = new Bench(Effort.QUICK, progress::add).measure();
        String markdown = report.markdown();
        assertTrue(progress.contains("measuring dake3Publication with H2"), progress::toString);
        assertTrue(markdown.contains("\n| DAKE-3 with publication of 1 | "), markdown);
        assertTrue(markdown.contains("\n| ECDH proof verified of 1 | "), markdown);
        assertFalse(markdown.contains("NaN") || markdown.contains("null"), markdown);

        String filled =
                report.filledInto("before\n<!-- bin/bench writes from here -->\nold\n<!-- to here -->\nafter\n");
        assertTrue(filled.startsWith("before\n<!-- bin/bench writes from here -->\n\n" + markdown), filled);
        assertTrue(filled.endsWith(".svg)\n\n<!-- to here -->\nafter\n"), filled);
        assertEquals(filled, report.filledInto(filled));
        assertTrue(report.picture().endsWith("</svg>\n"), report::picture);
        assertFalse(report.picture().contains("NaN"), report::picture);
    }
}
