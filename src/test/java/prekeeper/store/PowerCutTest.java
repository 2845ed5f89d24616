package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few power cuts; {@code bin/torture power-cut} makes many. */
class PowerCutTest {
    private static final int CUTS = Integer.getInteger("prekeeper.power-cuts", 40);

    @TempDir
    Path folder;

    @Test
    void whatWasAcknowledgedIsTrueAfterAPowerCut() throws Exception {
        PowerCuts.Verdict verdict = PowerCuts.run(folder, CUTS, progress -> {});
        assertEquals(List.of(), verdict.violations(), verdict::summary);
        assertTrue(verdict.saysSomething(), verdict::summary);
    }
}
