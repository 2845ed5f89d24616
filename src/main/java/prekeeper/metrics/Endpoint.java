package prekeeper.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /metrics}, {@code /health/live} and {@code /health/ready}, one request after the other. What a client may send is
 * small, and who is slow is cut off after some seconds. Thread-safe.
 */
final class Endpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    /** The format of the text that Prometheus reads. */
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final int MOST_WAITING = 16;

    /** Bounds that the JDK's server has none of by itself; it reads them once. Times are in seconds. */
    private static final Map<String, String> BOUNDS = Map.of(
            "sun.net.httpserver.maxReqTime", "2",
            "sun.net.httpserver.maxRspTime", "5",
            "sun.net.httpserver.maxReqHeaders", "50",
            "sun.net.httpserver.maxReqHeaderSize", "16384",
            "sun.net.httpserver.maxIdleConnections", "8",
            "jdk.httpserver.maxConnections", "32",
            "sun.net.httpserver.drainAmount", "0");

    private final HttpServer server;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread made = new Thread(work, "metrics-endpoint");
        made.setDaemon(true);
        return made;
    });

    private record Answer(int status, String type, String text) {
        static Answer ofText(int status, String line) {
            return new Answer(status, TEXT, line + "\n");
        }
    }

    private Endpoint(HttpServer server) {
        this.server = server;
    }

    /**
     * Listens.
     *
     * @param metrics what {@code /metrics} shows
     * @param unready empty when the server is ready, else why not, in one line
     */
    static Endpoint open(InetSocketAddress address, Supplier<String> metrics, Supplier<Optional<String>> unready)
            throws IOException {
        BOUNDS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
        HttpServer server = HttpServer.create(address, MOST_WAITING);
        Endpoint endpoint = new Endpoint(server);
        Map<String, Supplier<Answer>> pages = Map.of(
                "/metrics", () -> new Answer(200, METRICS, metrics.get()),
                "/health/live", () -> Answer.ofText(200, "alive"),
                "/health/ready",
                        () -> unready.get()
                                .map(why -> Answer.ofText(503, why))
                                .orElseGet(() -> Answer.ofText(200, "ready")));
        server.createContext("/", exchange -> answer(exchange, pages));
        server.setExecutor(endpoint.thread);
        server.start();
        return endpoint;
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    private static void answer(HttpExchange exchange, Map<String, Supplier<Answer>> pages) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            Answer answer = answer(exchange.getRequestURI().getPath(), pages);
            byte[] body = answer.text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type);
            exchange.sendResponseHeaders(answer.status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Answer answer(String path, Map<String, Supplier<Answer>> pages) {
        try {
            return pages.getOrDefault(path, () -> Answer.ofText(404, "nothing here"))
                    .get();
        } catch (RuntimeException defect) {
            LOG.error("a request for {} failed; this is a defect of the server, please report it:", path, defect);
            return Answer.ofText(500, "this is a defect of the server; its log has more");
        }
    }

    /** Listens no more. Who is being served may get no answer. */
    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
    }
}
