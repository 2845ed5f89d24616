package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import prekeeper.client.Handshake;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.PublisherSession.Answer;
import prekeeper.metrics.Scrape;
import prekeeper.wire.Armour;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;

/** What monitoring sees of a server that is used. */
class MonitoringIT extends BesideSuite {
    private static final InstanceTag BOBS_TAG = new InstanceTag(0xB0B0);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final InetSocketAddress ENDPOINT = freeAddress();

    private final SecureRandom random = new SecureRandom();

    MonitoringIT() {
        super("metrics { enabled = true, port = " + ENDPOINT.getPort() + " }");
    }

    private static InetSocketAddress freeAddress() {
        try {
            return new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), XmppServer.freePorts(1).get(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateProsody.start(scratch);
    }

    @Test
    void whatUsersDoIsCountedWithoutTheirAddresses() throws Exception {
        Account alicesAccount = xmpp.register("alice", XmppServer.HOST);
        Account bobsAccount = xmpp.register("bob", XmppServer.HOST);
        Account carolsAccount = xmpp.register("carol", XmppServer.OTHER_HOST);
        try (XmppUser alice = XmppUser.login(xmpp, alicesAccount, "phone");
                XmppUser bob = XmppUser.login(xmpp, bobsAccount, "tablet");
                XmppUser carol = XmppUser.login(xmpp, carolsAccount, "tablet")) {
            PrekeyDevice phone = PrekeyDevice.generate(
                    Draft.SPEC, new InstanceTag(0x1000), Instant.now().plus(Duration.ofDays(1)), random);
            PrekeyClient publisher = new PrekeyClient(alice, XmppServer.COMPONENT, Binding.MESSAGE, random);
            Scrape before = scrape();
            assertEquals(new Answer.Stored(), publisher.publish(phone, phone.newPrekeyMessages(3, random)));
            assertEquals(new Answer.Count(3), publisher.status(phone));
            PrekeyClient retriever = new PrekeyClient(bob, XmppServer.COMPONENT, Binding.IQ, random);
            assertEquals(
                    1,
                    retriever
                            .retrieve(BOBS_TAG, alicesAccount.jid(), Draft.SPEC)
                            .size());
            assertEquals(
                    0,
                    retriever.retrieve(BOBS_TAG, bobsAccount.jid(), Draft.SPEC).size());
            try (Handshake handshake = Handshake.begin(phone, carolsAccount.jid(), XmppServer.COMPONENT, random)) {
                assertInstanceOf(
                        IqAnswer.Refused.class,
                        carol.request(
                                XmppServer.COMPONENT,
                                "dake",
                                Armour.encode(handshake.dake1().encode())));
            }
            Scrape after = scrape();
            assertMore(2, before, after, requests("handshake", "answered"));
            assertMore(1, before, after, requests("handshake", "publisher-not-allowed"));
            assertMore(1, before, after, requests("publication", "stored"));
            assertMore(1, before, after, requests("status", "answered"));
            assertMore(1, before, after, requests("retrieval", "found"));
            assertMore(1, before, after, requests("retrieval", "empty"));
            assertMore(0, before, after, requests("retrieval", "over-limit"));
            for (String operation : List.of("publish", "count", "take")) {
                assertMore(1, before, after, "prekeeper_store_seconds_count{operation=\"" + operation + "\"}");
            }
            assertEquals(1, after.value("prekeeper_connected"));
            assertEquals(0, after.value("prekeeper_in_flight{state=\"waiting\"}"));

            prekeeper.stop(); // it counts its stock when it starts
            prekeeper.start();
            await(() -> get("/metrics").values().getOrDefault("prekeeper_stock_devices{remaining=\"1-5\"}", 0.0) == 1);
            Scrape last = scrape();
            assertEquals(0, last.value("prekeeper_devices_out_of_stock"));
            for (String text : List.of(before.text(), after.text(), last.text(), prekeeper.log())) {
                for (String name : List.of("alice", "bob", "carol", "example.net")) {
                    assertFalse(text.contains(name), name + " in " + text);
                }
            }
        }
    }

    private static String requests(String operation, String outcome) {
        return "prekeeper_requests_total{operation=\"" + operation + "\",outcome=\"" + outcome + "\"}";
    }

    private static void assertMore(int expected, Scrape before, Scrape after, String series) {
        assertEquals(expected, after.value(series) - before.value(series), series);
    }

    @Test
    void theServerIsReadyAsLongAsTheXmppServerHasIt() throws Exception {
        assertEquals(200, get("/health/ready").status());
        xmpp.stop();
        await(() -> get("/health/ready").status() == 503);
        assertEquals("not connected to the XMPP server\n", get("/health/ready").text());
        assertEquals(0, scrape().value("prekeeper_connected"));
        assertEquals(200, get("/health/live").status());
        xmpp.start();
        await(() -> get("/health/ready").status() == 200);
        assertEquals(1, scrape().value("prekeeper_connected"));
    }

    private static Scrape scrape() {
        Scrape scrape = get("/metrics");
        assertEquals(200, scrape.status());
        return scrape;
    }

    private static Scrape get(String path) {
        try {
            return Scrape.get(ENDPOINT, path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void await(BooleanSupplier ready) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!ready.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, prekeeper::log);
            Thread.sleep(50);
        }
    }
}
