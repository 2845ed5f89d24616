package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import prekeeper.crypto.Bytes;
import prekeeper.service.Outcome;
import prekeeper.wire.Armour;
import prekeeper.wire.ClientMessage;

/** XEP-0114, against a server that this test plays. */
@Timeout(60)
class ComponentConnectionTest {
    private static final String SECRET = "s3cret & more";
    private static final Pace QUICK = new Pace(
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofMillis(50),
            Duration.ofMillis(500),
            Duration.ofMillis(500),
            Duration.ofSeconds(30));
    private static final Pace IMPATIENT = patient(Duration.ofMillis(300));
    private static final String PING =
            "<iq type='get' id='p1' from='a@b/c' to='prekey.example.org'>" + "<ping xmlns='urn:xmpp:ping'/></iq>";

    private final CollectedLog log = new CollectedLog();
    private final FakeXmppServer server;
    private final AdminNotices notices =
            new AdminNotices("prekey.example.org", List.of("admin@example.org"), new SetClock());
    private ComponentConnection connection;

    ComponentConnectionTest() throws IOException {
        server = new FakeXmppServer();
    }

    /** {@link #QUICK}, with {@code silence}. */
    private static Pace patient(Duration silence) {
        return new Pace(
                QUICK.first(), QUICK.longest(), QUICK.afterRefusal(), QUICK.connecting(), QUICK.handshake(), silence);
    }

    private void start(Pace pace) {
        connection = new ComponentConnection(
                Stanzas.component((peer, request, message) -> new Outcome.Reply(Bytes.of((byte) 0))),
                new ConnectionSettings(Stanzas.COMPONENT, "127.0.0.1", server.port(), SECRET),
                notices,
                pace);
        connection.start();
    }

    @AfterEach
    void stop() throws IOException {
        if (connection != null) {
            connection.close();
            assertFalse(connection.isConnected());
        }
        server.close();
        log.close();
        assertEquals(0, log.count("", SECRET));
        assertEquals(0, log.count("", "private"));
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            assertFalse(thread.getName().equals("component-connection"), "a thread was left");
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it did not happen in 10 s");
            Thread.sleep(5);
        }
    }

    private void assertServed() throws IOException {
        server.say(PING);
        String answer = server.hear("id=\"p1\""); // pings of its own may come before
        assertTrue(answer.endsWith("<iq type=\"result\" id=\"p1\""), answer);
    }

    @Test
    void itAuthenticatesAndAnswers() throws Exception {
        start(QUICK);
        server.welcome(SECRET);
        assertServed();
        await(connection::isConnected);
        assertEquals(1, log.count("INFO", "connected to the XMPP server"));
    }

    @Test
    void itComesBackWhenTheServerIsKilled() throws Exception {
        start(QUICK);
        server.welcome(SECRET);
        assertServed();
        server.say("<message from='bob@example.org' to='prekey.example.org'><body>private</body></message>");
        server.die();
        await(() -> !connection.isConnected());
        server.listenAgain();
        server.welcome(SECRET);
        assertServed();
        await(() -> log.count("INFO", "connected") == 2);
    }

    @Test
    void administratorsGetWhatWasToldBeforeWhileAndAfterThereIsAConnection() throws Exception {
        notices.tell("Before.");
        start(QUICK);
        server.welcome(SECRET);
        String heard = server.hear("</message>");
        assertTrue(heard.contains("to=\"admin@example.org\"") && heard.contains("<body>Before.</body>"), heard);
        notices.tell("While.");
        heard = server.hear("</message>");
        assertTrue(heard.contains("<body>While.</body>") && !heard.contains("Before"), heard);
        server.die();
        await(() -> !connection.isConnected());
        notices.tell("After.");
        server.listenAgain();
        server.welcome(SECRET);
        heard = server.hear("</message>");
        assertTrue(heard.contains("<body>After.</body>"), heard);
        assertServed();
    }

    @Test
    void aConnectionThatIsClosedWithinAStanzaIsNotQuoted() throws Exception {
        start(QUICK);
        server.welcome(SECRET);
        assertServed();
        server.say("<message from='bob@example.org' to='prekey.example.org'><body>private");
        server.hangUpPolitely();
        server.welcome(SECRET);
        assertServed();
        assertEquals(
                1, log.count("WARN", "it closed the connection"), log.lines().toString());
    }

    @Test
    void itComesBackAfterTheServerEndsTheStream() throws Exception {
        start(QUICK);
        server.welcome(SECRET);
        server.say("</stream:stream>");
        server.awaitEnd();
        server.welcome(SECRET);
        assertServed();
        assertEquals(1, log.count("WARN", "it ended the stream"));
    }

    @Test
    void itComesBackAfterAStreamError() throws Exception {
        start(QUICK);
        server.welcome(SECRET);
        server.say("<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
        server.awaitEnd();
        server.welcome(SECRET);
        assertServed();
        assertEquals(1, log.count("WARN", "system-shutdown"));
    }

    @Test
    void itComesBackAfterWhatIsNoXml() throws Exception {
        start(QUICK);
        server.welcome(SECRET);
        server.say("<message></iq>");
        server.awaitEnd();
        server.welcome(SECRET);
        assertServed();
    }

    @Test
    void aServerThatIsNotThereYetIsAwaitedWithOneLine() throws Exception {
        server.die();
        start(QUICK);
        await(() -> log.count("WARN", "can not connect") == 1);
        server.listenAgain();
        server.welcome(SECRET);
        assertServed();
        assertEquals(1, log.count("WARN", "can not connect"), log.lines().toString());
    }

    @Test
    void aWrongSecretIsOneErrorAndTriedAgain() throws Exception {
        start(QUICK);
        for (int i = 0; i < 3; i++) {
            assertFalse(server.acceptComponent("another"));
            server.refuse("not-authorized");
            server.awaitEnd();
        }
        assertFalse(connection.isConnected());
        server.welcome(SECRET);
        assertServed();
        assertEquals(1, log.count("ERROR", "refuses our secret"), log.lines().toString());
    }

    @Test
    void aConflictIsOneErrorAndTriedAgain() throws Exception {
        start(QUICK);
        for (int i = 0; i < 2; i++) {
            server.acceptComponent(SECRET);
            server.refuse("conflict");
            server.awaitEnd();
        }
        server.welcome(SECRET);
        assertServed();
        assertEquals(1, log.count("ERROR", "connected already"), log.lines().toString());
    }

    @Test
    void aServerThatNeverAnswersTheHandshakeIsGivenUp() throws Exception {
        start(QUICK);
        server.acceptConnection();
        server.awaitEnd();
        server.acceptComponent(SECRET);
        server.acceptConnection();
        assertTrue(server.earlierIsOpen(), "it may be connected, for all that the server knows");
        server.greet();
        server.awaitResetOfEarlier();
        server.hangUp();
        server.welcome(SECRET);
        assertServed();
    }

    @Test
    void whatIsNoXmppServerIsGivenUp() throws Exception {
        start(QUICK);
        server.acceptConnection();
        server.say("220 mail.example.org ESMTP\r\n");
        server.awaitEnd();
        server.welcome(SECRET);
        assertServed();
    }

    @Test
    void aSilentServerIsPingedAndGivenUp() throws Exception {
        start(IMPATIENT);
        server.welcome(SECRET);
        String ping = server.hear("</iq>");
        assertTrue(ping.contains("from='prekey.example.org' to='prekey.example.org'"), ping);
        server.welcome(SECRET);
        server.awaitResetOfEarlier();
        assertServed();
        assertEquals(1, log.count("WARN", "went silent"), log.lines().toString());
    }

    @Test
    void aConnectionThatWentSilentIsResetWhenTheServerIsHeardAgain() throws Exception {
        start(IMPATIENT);
        server.welcome(SECRET);
        server.acceptConnection();
        assertTrue(server.earlierIsOpen());
        server.greet();
        server.awaitResetOfEarlier();
        server.hear("</handshake>");
        server.refuse("conflict");
        server.welcome(SECRET);
        assertServed();
        assertEquals(1, log.count("WARN", "went silent"), log.lines().toString());
        assertEquals(0, log.count("ERROR", ""), log.lines().toString());
    }

    @Test
    void aServerThatReadsNothingIsGivenUpAsWell() throws Exception {
        start(IMPATIENT);
        server.welcome(SECRET);
        server.flood(IntStream.range(0, 100) // one account alone is not answered for so long
                .mapToObj(i -> "<iq type='set' id='bad' from='a" + i + "@b/c' to='prekey.example.org'/>")
                .collect(Collectors.joining()));
        server.welcome(SECRET);
        assertServed();
        assertEquals(1, log.count("WARN", "went silent"), log.lines().toString());
    }

    @Test
    void closingResetsAConnectionThatWentSilent() throws Exception {
        start(IMPATIENT);
        server.welcome(SECRET);
        server.acceptConnection();
        connection.close();
        server.awaitResetOfEarlier();
    }

    @Test
    void aServerThatBringsPingsBackIsKept() throws Exception {
        start(patient(Duration.ofMillis(700)));
        server.welcome(SECRET);
        for (int i = 0; i < 4; i++) {
            server.say(server.hear("</iq>"));
        }
        assertServed();
        assertEquals(0, log.count("WARN", "lost"));
    }

    @Test
    void stanzasThatAreOddAreSkippedAndTheStreamGoesOn() throws Exception {
        start(QUICK);
        server.welcome(SECRET);
        server.say("<presence from='a@b/c' to='prekey.example.org'/> \n<iq/><message/><other xmlns='x'/>"
                + "<iq type='get' id='1' from='@' to='@/'/><message from='a@b/' to='\u00ad@/x'/>"
                + "<iq type='bogus' id='1' from='a@b' to='prekey.example.org'><q xmlns='x'/></iq>");
        assertServed();
        assertEquals(0, log.count("WARN", ""));
        assertEquals(0, log.count("ERROR", ""));
    }

    @Test
    void closingEndsTheStream() throws Exception {
        start(QUICK);
        server.welcome(SECRET);
        assertServed();
        connection.close();
        assertTrue(server.hear("</stream:stream>").endsWith("/></stream:stream>"));
        server.awaitEnd();
    }

    @Test
    void whatHasComeBeforeTheStreamEndsIsAnswered() throws Exception {
        start(QUICK);
        server.welcome(SECRET);
        assertServed();
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            requests.append(PING.replace("p1", "request-" + i + "."));
        }
        server.say(requests.toString());
        Thread closing = new Thread(connection::close);
        closing.start();
        String answers = server.hear("</stream:stream>");
        for (int i = 0; i < 200; i++) {
            assertTrue(answers.contains("request-" + i + "."), "request " + i);
        }
        server.say(PING + "</stream:stream>");
        closing.join(900);
        assertFalse(closing.isAlive(), "it waits for no more than the end of the stream");
        server.awaitEnd();
    }

    @Test
    void closingWhileConnectingDoesNotWait() throws Exception {
        start(QUICK);
        server.acceptConnection();
        long before = System.nanoTime();
        connection.close();
        assertTrue(Duration.ofNanos(System.nanoTime() - before).toSeconds() < 2);
        server.awaitEnd();
    }

    @Test
    void theSecretIsNotPrinted() {
        assertFalse(new ConnectionSettings(Stanzas.COMPONENT, "h", 1, SECRET)
                .toString()
                .contains(SECRET));
    }

    @Test
    void aStanzaOfMadeUpNamesHoldsNobodyUp() throws Exception {
        start(QUICK);
        server.welcome(SECRET);
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < 70_000; i++) {
            names.append("<n").append(i).append("/>");
        }
        server.say("<message from='a@b/c' to='prekey.example.org'>" + names + "</message>");
        assertServed(); // within ten seconds
    }

    @Test
    void aRequestThatIsTooLargeIsToldSoAndTheStreamGoesOn() throws Exception {
        start(QUICK);
        server.welcome(SECRET);
        String garbage = "AAQj".repeat(2_500_000);
        server.say("<message from='a@b/c' to='prekey.example.org'><body>" + garbage + "</body></message>");
        server.say("<iq type='set' id='big' from='a@b/c' to='prekey.example.org'>"
                + "<dake xmlns='prekeeper:otrv4-prekey:0'>" + garbage + "</dake></iq>");
        String answer = server.hear("</iq>");
        assertTrue(answer.contains("id=\"big\"") && answer.contains("too-large"), answer);
        server.say("<iq type='set' id='deep' from='a@b/c' to='prekey.example.org'>" + "<a xmlns='b'>".repeat(50_000)
                + "</a>".repeat(50_000) + "</iq>");
        assertTrue(server.hear("</iq>").contains("id=\"deep\""));
        assertServed();
    }

    @Test
    void theLongestMessageFitsIntoAStanza() {
        String longest = Armour.encode(Bytes.of(new byte[ClientMessage.MOST_BYTES]));
        assertTrue(longest.length() + 10_000 < ComponentStream.MOST_STANZA_CHARS);
    }
}
