package prekeeper.metrics;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an endpoint for metrics answers. */
public record Scrape(int status, String type, String text) {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Pattern SERIES = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{[^}]*})? (\\S+)");

    /** Asks {@code path} of the endpoint at {@code address}. */
    public static Scrape get(InetSocketAddress address, String path) throws IOException, InterruptedException {
        return ask(address, path, "GET");
    }

    static Scrape ask(InetSocketAddress address, String path, String method) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        return new Scrape(
                answer.statusCode(), answer.headers().firstValue("content-type").orElse(""), answer.body());
    }

    /** Values by series, such as {@code prekeeper_in_flight{state="running"}}. */
    public Map<String, Double> values() {
        Map<String, Double> values = new TreeMap<>();
        for (String line : text.lines().filter(one -> !one.startsWith("#")).toList()) {
            Matcher series = SERIES.matcher(line);
            if (!series.matches()) {
                throw new IllegalStateException("no series of Prometheus: " + line);
            }
            String labels = series.group(2) == null ? "" : series.group(2).replace(",}", "}");
            values.put(series.group(1) + labels, Double.valueOf(series.group(3).replace("+Inf", "Infinity")));
        }
        return values;
    }

    /** The value of one series, which is there. */
    public double value(String series) {
        Double value = values().get(series);
        if (value == null) {
            throw new IllegalStateException("no series " + series + " in\n" + text);
        }
        return value;
    }

    /** The names of all series. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        values().keySet().forEach(series -> names.add(series.replaceFirst("\\{.*", "")));
        return names;
    }
}
