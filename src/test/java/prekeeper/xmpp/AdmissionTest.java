package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.xmpp.Stanzas.application;
import static prekeeper.xmpp.Stanzas.assertError;
import static prekeeper.xmpp.Stanzas.condition;
import static prekeeper.xmpp.Stanzas.iq;
import static prekeeper.xmpp.Stanzas.message;
import static prekeeper.xmpp.Stanzas.parse;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xmpp.component.Component;
import org.xmpp.component.ComponentException;
import org.xmpp.packet.IQ;
import org.xmpp.packet.Message;
import prekeeper.crypto.Bytes;
import prekeeper.service.Outcome;
import prekeeper.wire.ClientMessage;

/** The bound on work in flight, and what must not reach tinder. */
@Timeout(60)
class AdmissionTest {
    private static final int MOST = 20;
    private static final int SHARE = 8;
    private static final int LONG_BYTES = Turns.SHORT_CHARACTERS / 4 * 3;
    private static final String DAKE = "<dake xmlns='prekeeper:otrv4-prekey:0'>AAQjAAABAAAA.</dake>";
    private static final String BODY = "<body>AAQjAAABAAAA.</body>";

    private final CountDownLatch gate = new CountDownLatch(1);
    /** For messages of more than {@link #LONG_BYTES}. */
    private final CountDownLatch publications = new CountDownLatch(1);

    private final AtomicInteger handled = new AtomicInteger();
    private final WorkInFlight inFlight = new WorkInFlight(MOST, SHARE, 2);
    private final SetClock clock = new SetClock();
    private final LiveLimits limits = new LiveLimits(new Limits(
            Map.of(RateLimit.REQUESTS, new Rate(2500, 3600)), Limits.DEFAULT.stock(), true, OptionalInt.empty()));
    private final Component component = new Admission(
            new PrekeyComponent(
                    (peer, request, message) -> {
                        awaitGate(message.length > LONG_BYTES ? publications : gate);
                        handled.incrementAndGet();
                        return new Outcome.Reply(Bytes.of((byte) 0));
                    },
                    new ServerDescription(Stanzas.COMPONENT, Stanzas.KEY, "1.2.3", ClientMessage.MOST_BYTES, Map.of()),
                    limits,
                    Administration.NONE,
                    clock,
                    inFlight),
            Stanzas.COMPONENT,
            inFlight,
            Buckets.of(RateLimit.REQUESTS, limits, clock),
            new Buckets(() -> Admission.REFUSALS, clock));
    private final CollectedLog log = new CollectedLog();
    private SentPackets sent;

    private static void awaitGate(CountDownLatch gate) {
        try {
            assertTrue(gate.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() throws ComponentException {
        sent = new SentPackets(component);
    }

    @AfterEach
    void nothingWasLogged() {
        gate.countDown();
        publications.countDown();
        component.shutdown();
        log.close();
        assertEquals(List.of(), log.lines());
    }

    @Test
    void whatIsTooMuchIsRefusedAtOnceAndNothingLetInIsLost() throws InterruptedException {
        for (int i = 0; i < MOST; i++) {
            component.processPacket(iq(name(i % 3), "set", DAKE));
        }
        for (int i = 0; i < 1000; i++) {
            component.processPacket(iq("set", DAKE));
            assertError("wait", condition("resource-constraint") + application("retry seconds='5'"), sent.nextIq());
            component.processPacket(message("type='chat'", BODY));
        }
        sent.assertNoMore();
        assertEquals(MOST, inFlight.count());
        assertEquals(MOST - 2, inFlight.waiting());
        assertEquals(2000, inFlight.turnedAway());
        gate.countDown();
        for (int i = 0; i < MOST; i++) {
            assertEquals(IQ.Type.result, sent.nextIq().getType());
        }
        assertEquals(MOST, handled.get());
        assertEquals(0, inFlight.waiting());

        component.processPacket(iq(name(0), "set", DAKE));
        assertEquals(IQ.Type.result, sent.nextIq().getType());
    }

    private static String name(int number) {
        return "user" + number + "@example.org/phone";
    }

    @Test
    void oneAccountTakesItsShareOnlyHoweverManyAddressesItHas() throws InterruptedException {
        for (int i = 0; i < SHARE; i++) {
            component.processPacket(iq("alice@example.org/" + i, "set", DAKE));
        }
        component.processPacket(iq("set", DAKE));
        assertError("wait", condition("resource-constraint") + application("retry seconds='5'"), sent.nextIq());
        component.processPacket(iq(name(0), "set", DAKE));
        sent.assertNoMore();
        gate.countDown();
        for (int i = 0; i < SHARE + 1; i++) {
            assertEquals(IQ.Type.result, sent.nextIq().getType());
        }
        component.processPacket(iq("set", DAKE));
        assertEquals(IQ.Type.result, sent.nextIq().getType());
    }

    @Test
    void whilePublicationsTakeTheirTimeOthersAreServed() throws InterruptedException {
        gate.countDown();
        String publish =
                "<publish xmlns='prekeeper:otrv4-prekey:0'>" + "AAQ3".repeat(LONG_BYTES / 3 + 1) + ".</publish>";
        for (int i = 0; i < 6; i++) {
            component.processPacket(iq(name(i), "set", publish));
        }
        for (int i = 0; i < 100; i++) {
            component.processPacket(iq("set", DAKE));
            assertEquals("alice@example.org/phone", sent.nextIq().getTo().toString());
        }
        assertEquals(100, handled.get());
        publications.countDown();
        for (int i = 0; i < 6; i++) {
            assertEquals(IQ.Type.result, sent.nextIq().getType());
        }
    }

    @Test
    void whoGoesOnAfterVeryManyRefusalsGetsNoMoreForAWhile() throws InterruptedException {
        gate.countDown();
        for (int i = 0; i < Admission.REFUSALS.burst(); i++) {
            component.processPacket(iq("get", ""));
            assertError("modify", condition("bad-request"), sent.nextIq());
        }
        for (int i = 0; i < 1000; i++) {
            component.processPacket(iq("get", ""));
        }
        component.processPacket(iq(name(0), "get", ""));
        assertEquals(name(0), sent.nextIq().getTo().toString());
        clock.advance(Duration.ofSeconds(1));
        component.processPacket(iq("get", ""));
        assertError("modify", condition("bad-request"), sent.nextIq());
        sent.assertNoMore();
    }

    @Test
    @Timeout(30)
    void whoReadsIsNotHeldUpByAServerThatDoesNot() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        Component reading = new Admission(
                component,
                Stanzas.COMPONENT,
                inFlight,
                Buckets.of(RateLimit.REQUESTS, limits, clock),
                new Buckets(() -> Admission.REFUSALS, clock));
        reading.initialize(Stanzas.COMPONENT, new StreamManager(packet -> {
            try {
                stuck.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        reading.start();
        for (int i = 0; i < 5_000; i++) {
            reading.processPacket(iq(name(i % 10), "get", ""));
        }
        stuck.countDown();
    }

    @Test
    void anAccountThatSendsVeryManyRequestsIsToldWhenItMayGoOn() throws InterruptedException {
        gate.countDown();
        for (int i = 0; i < 2500; i++) {
            component.processPacket(iq("get", "<ping xmlns='urn:xmpp:ping'/>"));
            assertEquals(IQ.Type.result, sent.nextIq().getType());
        }
        component.processPacket(iq("get", "<ping xmlns='urn:xmpp:ping'/>"));
        assertError("wait", condition("resource-constraint") + application("retry seconds='1'"), sent.nextIq());
        component.processPacket(message("type='chat'", BODY));
        sent.assertNoMore();
        component.processPacket(iq(name(0), "get", "<ping xmlns='urn:xmpp:ping'/>"));
        assertEquals(IQ.Type.result, sent.nextIq().getType());

        clock.advance(Duration.ofSeconds(2));
        component.processPacket(iq("get", "<ping xmlns='urn:xmpp:ping'/>"));
        assertEquals(IQ.Type.result, sent.nextIq().getType());
    }

    @Test
    void aStopAnswersWhatIsInFlightAndLetsNothingMoreIn() throws Exception {
        component.processPacket(iq("set", DAKE));
        Thread stopping = new Thread(component::shutdown);
        stopping.start();
        while (stopping.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        component.processPacket(iq("set", DAKE));
        assertEquals(IQ.Type.error, sent.nextIq().getType());
        gate.countDown();
        assertEquals(IQ.Type.result, sent.nextIq().getType());
        stopping.join(10_000);
        assertTrue(!stopping.isAlive());
        component.processPacket(iq("set", DAKE));
        assertEquals(IQ.Type.error, sent.nextIq().getType());
    }

    @Test
    void aStopThatIsRepeatedIsOverAtOnce() throws Exception {
        component.processPacket(iq("set", DAKE));
        Thread stopping = new Thread(component::shutdown);
        stopping.start();
        while (stopping.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        component.shutdown(); // the first one waits for what the gate holds
        assertTrue(stopping.isAlive());
        gate.countDown();
        stopping.join(10_000);
    }

    @Test
    void aComponentThatWasStoppedStartsAgain() throws Exception {
        gate.countDown();
        component.shutdown();
        component.start();
        component.processPacket(iq("set", DAKE));
        assertEquals(IQ.Type.result, sent.nextIq().getType());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<iq type='result' id='1' from='a@b/c' to='prekey.example.org'/>",
                "<iq type='error' id='1' from='a@b/c' to='prekey.example.org'/>",
                "<iq type='get' from='a@b/c' to='prekey.example.org'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='odd' id='1' from='a@b/c' to='prekey.example.org'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq id='1' from='a@b/c' to='prekey.example.org'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='get' id='1' to='prekey.example.org'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='get' id='1' from='a@b/c'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='get' id='1' from='a@b/c' to='elsewhere.org'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='get' id='1' from='prekey.example.org' to='prekey.example.org'><ping xmlns='urn:xmpp:ping'/></iq>"
            })
    void whatHasNoAnswerIsDropped(String stanza) {
        gate.countDown();
        component.processPacket(new IQ(parse(stanza)));
        component.shutdown();
        sent.assertNoMore();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<message from='a@b/c' to='room@prekey.example.org'>" + BODY + "</message>",
                "<message from='prekey.example.org' to='prekey.example.org'>" + BODY + "</message>",
                "<message to='prekey.example.org'>" + BODY + "</message>",
            })
    void aMessageThatIsNotForUsIsDropped(String stanza) {
        gate.countDown();
        component.processPacket(new Message(parse(stanza)));
        component.shutdown();
        sent.assertNoMore();
        assertEquals(0, handled.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<query/>", DAKE + DAKE, "<ping xmlns='urn:xmpp:ping'/><x xmlns='y'/>"})
    void anIqWithoutExactlyOneChildIsABadRequest(String children) throws InterruptedException {
        component.processPacket(iq("set", children));
        assertError("modify", condition("bad-request"), sent.nextIq());
    }

    @Test
    void anIqToAnAddressBelowOursIsServiceUnavailable() throws InterruptedException {
        component.processPacket(new IQ(parse("<iq type='get' id='1' from='a@b/c' to='room@prekey.example.org'>"
                + "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>")));
        Stanzas.assertStanza(
                "<iq type='error' id='1' to='a@b/c' from='room@prekey.example.org'><error type='cancel' code='503'>"
                        + condition("service-unavailable") + "</error></iq>",
                sent.nextIq());
    }

    @Test
    void nestingThatWouldOverflowTheStackIsRefused() throws InterruptedException {
        IQ deepIq = iq("set", "<a xmlns='deep'/>");
        Message deepMessage = message("type='chat'", BODY + "<a xmlns='deep'/>");
        var inIq = deepIq.getChildElement();
        var inMessage = deepMessage.getElement().element("a");
        for (int i = 0; i < 50_000; i++) {
            inIq = inIq.addElement("a");
            inMessage = inMessage.addElement("a");
        }
        component.processPacket(deepIq);
        assertError("modify", condition("bad-request"), sent.nextIq());
        component.processPacket(deepMessage);
        sent.assertNoMore();
        assertEquals(0, handled.get());
    }

    @Test
    void whatIsMadeOfTooManyPartsIsTurnedAwayBeforeItWaits() throws InterruptedException {
        gate.countDown();
        String many = "<a b='' c='' d=''/>".repeat(Admission.MOST_PARTS / 4);
        component.processPacket(message("type='chat'", BODY + many));
        component.processPacket(iq("set", "<dake xmlns='prekeeper:otrv4-prekey:0'>" + many + "</dake>"));
        assertError("modify", condition("bad-request"), sent.nextIq());
        IQ commented = iq("set", DAKE);
        for (int i = 0; i < Admission.MOST_PARTS; i++) {
            commented.getChildElement().addComment("");
        }
        component.processPacket(commented);
        assertError("modify", condition("bad-request"), sent.nextIq());
        sent.assertNoMore();
        assertEquals(0, handled.get());
    }

    @Test
    void ofWhatIsIncompleteARequestIsToldSoAndAMessageIsDropped() throws InterruptedException {
        gate.countDown();
        String mark = "<too-large xmlns='prekeeper:stanza'/>";
        String tangled = "<too-complex xmlns='prekeeper:stanza'/>";
        component.processPacket(iq("set", DAKE + mark));
        String tooLarge = application("too-large max-bytes='" + ClientMessage.MOST_BYTES + "'");
        assertError("modify", condition("not-acceptable") + tooLarge, sent.nextIq());
        component.processPacket(iq("get", mark));
        assertError("modify", condition("not-acceptable") + tooLarge, sent.nextIq());
        component.processPacket(iq("set", DAKE + tangled));
        assertError("modify", condition("bad-request"), sent.nextIq());
        component.processPacket(message("type='chat'", BODY + mark));
        component.processPacket(message("type='chat'", BODY + tangled));
        component.processPacket(iq("result", mark));
        component.shutdown();
        sent.assertNoMore();
        assertEquals(0, handled.get());
    }
}
