package prekeeper.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class RunningPartsTest {
    private final List<String> stopped = new ArrayList<>();
    private final RunningParts parts = new RunningParts();

    @Test
    void whatWasStartedLastIsStoppedFirstAndOnce() throws Exception {
        parts.add("key", () -> stopped.add("key"));
        parts.add("store", () -> stopped.add("store"));
        parts.add("connection", () -> stopped.add("connection"));
        parts.close();
        parts.close();
        parts.awaitClosed();
        assertEquals(List.of("connection", "store", "key"), stopped);
    }

    @Test
    void aPartThatDoesNotStopKeepsNoOtherFromStopping() {
        parts.add("store", () -> stopped.add("store"));
        parts.add("connection", () -> {
            throw new IllegalStateException("stuck");
        });
        parts.close();
        assertEquals(List.of("store"), stopped);
    }

    @Test
    void aPartThatComesAfterTheEndIsStoppedAtOnce() {
        parts.close();
        assertThrows(CancellationException.class, () -> parts.add("late", () -> stopped.add("late")));
        assertEquals(List.of("late"), stopped);
    }
}
