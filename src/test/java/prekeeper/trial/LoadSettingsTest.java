package prekeeper.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoadSettingsTest {
    @Test
    void whatIsNotNamedIsLeftOut() {
        assertEquals(0, settings(5, 60, 100, Optional.empty()).rates().get(LoadKind.RETRIEVALS));
    }

    @Test
    void whatIsOutOfItsBoundsIsRefusedWithWhatIsAllowed() {
        assertRefused("no rate is above 0, so there is nothing to do", 0, 60, 100, Optional.empty());
        assertRefused("handshakes a second are -1.0, from 0 to 10000 can be asked for", -1, 60, 100, Optional.empty());
        assertRefused(
                "handshakes a second are NaN, from 0 to 10000 can be asked for", Double.NaN, 60, 100, Optional.empty());
        assertRefused("a load takes from a second to a day", 1, 0, 100, Optional.empty());
        assertRefused("a load takes from a second to a day", 1, 86_401, 100, Optional.empty());
        assertRefused(
                "a publication of 101 prekey messages, from 1 to 100 can be asked for", 1, 60, 101, Optional.empty());
        assertRefused("/x is no address of a prekey server", 1, 60, 100, Optional.of("/x"));
    }

    private static void assertRefused(
            String why, double handshakes, int seconds, int messages, Optional<String> server) {
        assertEquals(
                why,
                assertThrows(IllegalArgumentException.class, () -> settings(handshakes, seconds, messages, server))
                        .getMessage());
    }

    private static LoadSettings settings(double handshakes, int seconds, int messages, Optional<String> server) {
        return new LoadSettings(Duration.ofSeconds(seconds), Map.of(LoadKind.HANDSHAKES, handshakes), messages, server);
    }
}
