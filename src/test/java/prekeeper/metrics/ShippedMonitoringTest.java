package prekeeper.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import prekeeper.service.Outcome;
import prekeeper.service.Refusal;
import prekeeper.service.Tally;
import prekeeper.store.InMemoryPrekeyStore;
import prekeeper.xmpp.BusyWork;
import prekeeper.xmpp.Limits;
import prekeeper.xmpp.LiveLimits;

/** The dashboard, the alerting rules and the page about them name what the endpoint shows, and nothing else. */
class ShippedMonitoringTest {
    private static final Path DASHBOARD = Path.of("conf", "grafana-dashboard.json");
    private static final Path ALERTS = Path.of("conf", "prometheus-alerts.yml");
    private static final Path RULE_TESTS = Path.of("src", "test", "prometheus-alerts-test.yml");
    private static final Path PAGE = Path.of("docs", "monitoring.md");

    /** Words of PromQL and Grafana with an underscore; every other one outside quotes is a metric. */
    private static final Set<String> WORDS = Set.of("histogram_quantile", "label_values");

    private static final Pattern WORD = Pattern.compile("\\b[a-z]+(?:_[a-z0-9]+)+\\b");

    private static Set<String> exposed;

    @BeforeAll
    static void scrape() throws InterruptedException {
        InMemoryPrekeyStore store = new InMemoryPrekeyStore();
        try (Meters meters = new Meters("1.2.3");
                StockCounter stock = new StockCounter(store.inventory(), InstantSource.fixed(Instant.EPOCH))) {
            meters.bind(
                    new Tally((peer, request, message) -> new Outcome.Ignored(Refusal.INVALID)),
                    new LiveLimits(Limits.DEFAULT),
                    BusyWork.of(0, 0),
                    new FakeConnection(),
                    stock);
            new TimedStore(store, meters);
            // there are pauses to show once there was one, which is told on another thread
            for (int i = 0; i < 600; i++) {
                System.gc();
                exposed = new Scrape(200, "", meters.scrape()).names();
                if (exposed.contains("jvm_gc_pause_seconds_sum")) {
                    return;
                }
                Thread.sleep(50);
            }
        }
    }

    @Test
    void everyPanelShowsWhatTheEndpointShows() throws IOException {
        JsonObject dashboard =
                JsonParser.parseString(Files.readString(DASHBOARD)).getAsJsonObject();
        assertTrue(dashboard.get("schemaVersion").getAsInt() >= 39, "Grafana 10.4");
        JsonArray panels = dashboard.getAsJsonArray("panels");
        List<Integer> ids = new ArrayList<>();
        for (JsonElement panel : panels) {
            ids.add(panel.getAsJsonObject().get("id").getAsInt());
            JsonArray targets = panel.getAsJsonObject().getAsJsonArray("targets");
            assertTrue(!targets.isEmpty(), panel.toString());
            for (JsonElement target : targets) {
                assertExposed(target.getAsJsonObject().get("expr").getAsString());
            }
        }
        assertEquals(ids.stream().distinct().toList(), ids);
        for (JsonElement variable : dashboard.getAsJsonObject("templating").getAsJsonArray("list")) {
            JsonObject one = variable.getAsJsonObject();
            if (one.get("type").getAsString().equals("query")) {
                assertExposed(one.get("definition").getAsString());
            }
        }
    }

    @Test
    void everyAlertWatchesWhatTheEndpointShowsAndIsTestedAndExplained() throws IOException {
        String alerts = Files.readString(ALERTS);
        List<String> names = Pattern.compile("- alert: (\\S+)")
                .matcher(alerts)
                .results()
                .map(found -> found.group(1))
                .toList();
        List<String> expressions = Pattern.compile("expr:((?:.|\\n)*?)\n        (?:for|labels):")
                .matcher(alerts)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertTrue(names.size() >= 5, names.toString());
        assertEquals(names.size(), expressions.size());
        expressions.forEach(ShippedMonitoringTest::assertExposed);
        for (String name : names) {
            assertTrue(Files.readString(RULE_TESTS).contains(name), name);
            assertTrue(Files.readString(PAGE).contains("`" + name + "`"), name);
        }
    }

    @Test
    void everyMetricOfOursIsExplained() throws IOException {
        String page = Files.readString(PAGE);
        Set<String> explained = Pattern.compile("`(prekeeper_[a-z_]+)")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> ours = exposed.stream()
                .filter(name -> name.startsWith("prekeeper_"))
                .map(name -> name.replaceFirst("^(prekeeper_store_seconds)_.*", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(ours, explained);
    }

    private static void assertExposed(String expression) {
        String bare = expression.replaceAll("\"[^\"]*\"", "").replaceAll("\\$[a-z_]+", "");
        List<String> metrics = WORD.matcher(bare)
                .results()
                .map(java.util.regex.MatchResult::group)
                .filter(word -> !WORDS.contains(word))
                .toList();
        assertTrue(!metrics.isEmpty() && exposed.containsAll(metrics), expression);
    }
}
