package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import prekeeper.trial.LoadKind;
import prekeeper.trial.LoadReport;

class LoadResultTest {
    private static final LoadReport.OfKind HANDSHAKES = new LoadReport.OfKind(
            LoadKind.HANDSHAKES,
            10,
            600,
            600,
            10,
            0,
            0,
            0,
            Map.of(),
            Optional.of(new LoadReport.Latency(12.34, 20, 31.25, 40, 1234.5, List.of())));
    private static final LoadReport.OfKind REFUSED = new LoadReport.OfKind(
            LoadKind.PUBLICATIONS, 1, 60, 0, 0, 0, 57, 3, Map.of("no answer in time", 3L), Optional.empty());

    @Test
    void theTableHasALineForEachKind() {
        assertEquals(
                """
                kind          answered   per s  refused  failed   p50 ms   p90 ms   p99 ms p99.9 ms   max ms
                handshakes         600    10.0        0       0     12.3     20.0     31.3     40.0   1234.5
                publications         0     0.0       57       3        -        -        -        -        -
                20 users, 60.0 s; latency counts from when a request was due, and 1.0 % of it went by before a user was free for it.
                This program, with the clients' cryptography, used 25 % of 2 processors, 5.5 ms for each request.
                22 of 22 devices are forgotten again; 2 were full on the way and made room, which is not in the figures.
                """,
                String.join("\n", result(0.01, 0.25, 22, HANDSHAKES, REFUSED).lines()) + "\n");
    }

    @Test
    void nothingIsWarnedOfWhenFiguresMeanWhatTheySay() {
        LoadResult result = result(0.01, 0.25, 22, HANDSHAKES);
        assertEquals(List.of(), result.warnings());
        assertEquals(Optional.empty(), result.hint());
    }

    @Test
    void figuresOfTheGeneratorItselfAreWarnedOf() {
        assertEquals(
                List.of(
                        "50 % of the latency is waiting for a free user, who does one request at a time: the users are too few,"
                                + " or the server is slower than the rates"),
                result(0.5, 0.7, 22, HANDSHAKES).warnings());
        assertEquals(
                List.of(
                        "this program used 71 % of the processors here: the figures may be its own; ask for less, or run it on"
                                + " a larger machine or on several"),
                result(0.01, 0.71, 22, HANDSHAKES).warnings());
    }

    @Test
    void failuresAreToldWithTheirReasonsAndRefusalsWithAHint() {
        LoadResult result = result(0, 0.25, 20, REFUSED);
        assertEquals(
                List.of(
                        "3 publications failed: no answer in time",
                        "2 devices may be left at the server; their profiles expire in a day"),
                result.warnings());
        assertTrue(result.hint().orElseThrow().contains("the block limits of its configuration"));
    }

    @Test
    void programsReadTheSame() {
        JsonObject json = result(0.0125, 0.25, 22, HANDSHAKES, REFUSED).json();
        JsonObject handshakes = json.getAsJsonObject("kinds").getAsJsonObject("handshakes");
        assertEquals(600, handshakes.get("answered").getAsInt());
        assertEquals(
                "{\"p50\":12.34,\"p90\":20.0,\"p99\":31.25,\"p99.9\":40.0,\"max\":1234.5}",
                handshakes.get("latency-ms").toString());
        JsonObject publications = json.getAsJsonObject("kinds").getAsJsonObject("publications");
        assertEquals(57, publications.get("refused").getAsInt());
        assertEquals(3, publications.get("failed").getAsInt());
        assertTrue(publications.get("latency-ms").isJsonNull());
        assertEquals("0.013", json.get("waiting-share").getAsString());
        assertEquals("0.250", json.get("cpu-share").getAsString());
        assertEquals("prekey.example.org", json.getAsJsonArray("servers").get(0).getAsString());
    }

    private static LoadResult result(double waiting, double cpu, int forgotten, LoadReport.OfKind... kinds) {
        return new LoadResult(new LoadReport(
                List.of("prekey.example.org"),
                List.of(kinds),
                20,
                0,
                Duration.ofSeconds(60),
                false,
                waiting,
                Optional.of(cpu),
                Optional.of(Duration.ofNanos(5_500_000)),
                2,
                2,
                22,
                forgotten,
                List.of()));
    }
}
