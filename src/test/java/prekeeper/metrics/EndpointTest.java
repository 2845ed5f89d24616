package prekeeper.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import prekeeper.xmpp.CollectedLog;

class EndpointTest {
    private final AtomicReference<String> metrics = new AtomicReference<>("prekeeper_connected 1\n");
    private final AtomicReference<Optional<String>> unready = new AtomicReference<>(Optional.empty());
    private Endpoint endpoint;

    @BeforeEach
    void open() throws IOException {
        endpoint =
                Endpoint.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), metrics::get, unready::get);
    }

    @AfterEach
    void close() {
        endpoint.close();
    }

    private Scrape get(String path) throws Exception {
        return Scrape.get(endpoint.address(), path);
    }

    @Test
    void metricsAreServedInTheFormatOfPrometheus() throws Exception {
        Scrape scrape = get("/metrics");
        assertEquals(new Scrape(200, "text/plain; version=0.0.4; charset=utf-8", "prekeeper_connected 1\n"), scrape);
        assertEquals(200, get("/metrics?name=x").status());
    }

    @Test
    void healthIsAStatusAndALine() throws Exception {
        String text = "text/plain; charset=utf-8";
        assertEquals(new Scrape(200, text, "ready\n"), get("/health/ready"));
        unready.set(Optional.of("not connected to the XMPP server"));
        assertEquals(new Scrape(503, text, "not connected to the XMPP server\n"), get("/health/ready"));
        assertEquals(new Scrape(200, text, "alive\n"), get("/health/live"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics/", "/metrics/x", "/health", "/health/live/../ready", "/etc/passwd"})
    void nothingElseIsThere(String path) throws Exception {
        assertEquals(404, get(path).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "HEAD", "OPTIONS"})
    void whateverIsNoGetIsRefused(String method) throws Exception {
        assertEquals(405, Scrape.ask(endpoint.address(), "/metrics", method).status());
    }

    @Test
    void aClientThatIsSlowOrSendsTooMuchIsCutOffAndOthersAreServed() throws Exception {
        try (Socket slow = connect();
                Socket large = connect()) {
            slow.getOutputStream().write("GET /metrics HT".getBytes(StandardCharsets.US_ASCII));
            assertEquals(200, get("/metrics").status());
            assertTrue(isOver(slow), "cut off");

            OutputStream out = large.getOutputStream();
            String head = "GET /metrics HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(200);
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertTrue(isOver(large), "cut off");
            assertEquals(200, get("/metrics").status());
        }
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(endpoint.address().getAddress(), endpoint.address().getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** Reads to the end, at which the server has closed the connection, with an answer or without. */
    private static boolean isOver(Socket socket) {
        try {
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return !answer.contains(" 200 ");
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void aDefectIsLoggedAndOthersAreServed() throws Exception {
        try (CollectedLog log = new CollectedLog()) {
            unready.set(null);
            assertEquals(500, get("/health/ready").status());
            assertEquals(1, log.count("ERROR", "a request for /health/ready failed"));
            assertEquals(200, get("/health/live").status());
        }
    }

    @Test
    void anAddressThatIsInUseCanNotBeHad() {
        assertThrows(BindException.class, () -> Endpoint.open(endpoint.address(), metrics::get, unready::get));
    }
}
