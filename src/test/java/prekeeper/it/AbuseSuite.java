package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.PublisherSession.Answer;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;

/**
 * Stanzas that nobody sends by accident, through an XMPP server that lets nearly everything pass: the connection stays, the
 * process stays, memory stays, and others are served. What the XMPP server refuses by itself, by an error or by the end of
 * the sender's stream, has not come to us.
 */
abstract class AbuseSuite extends BesideSuite {
    private static final String SERVER = XmppServer.COMPONENT;
    private static final String BINDING = BindingIq.NAMESPACE;
    private static final int TIMES = 2;
    private static final int WARM_UP = 10;
    private static final int GARBAGE_CHARS = 10_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long MOST_GROWTH_BYTES = 60_000_000;
    private static final long MOST_BYTES = 256_000_000;

    private final SecureRandom random = new SecureRandom();
    private Account mallorysAccount;
    /** An honest user who is there all the time. */
    private XmppUser witness;

    private int served;
    private long warmBytes;

    /** One that passes on large stanzas. */
    @Override
    abstract XmppServer startServer(Scratch scratch) throws IOException;

    @BeforeAll
    void start() throws Exception {
        mallorysAccount = xmpp.register("mallory", XmppServer.HOST);
        witness = XmppUser.login(xmpp, xmpp.register("witness", XmppServer.HOST), "phone");
        witness.connection().setReplyTimeout(PATIENCE.toMillis()); // large stanzas are before its own
        for (int i = 0; i < WARM_UP; i++) {
            othersAreServed();
        }
        warmBytes = prekeeper.residentBytes();
    }

    @AfterAll
    void end() {
        System.out.println(getClass().getSimpleName() + ": " + warmBytes / 1_000_000 + " MB resident when warm, "
                + prekeeper.residentBytes() / 1_000_000 + " MB at the end");
    }

    /** Whatever is sent. */
    @AfterEach
    void nothingHasHappened() throws Exception {
        othersAreServed();
        assertTrue(witness.isConnected());
        assertTrue(prekeeper.isAlive(), prekeeper::log);
        assertFalse(prekeeper.log().contains("ERROR"), prekeeper::log);
        assertEquals(2, prekeeper.log().split("connected to the XMPP server", -1).length, prekeeper::log);
        long bytes = prekeeper.residentBytes();
        assertTrue(
                bytes < MOST_BYTES && bytes < warmBytes + MOST_GROWTH_BYTES,
                () -> bytes + " bytes resident, " + warmBytes + " when warm");
    }

    /** Somebody whom the server does not know yet publishes by message and asks by IQ. */
    private void othersAreServed() throws Exception {
        served++;
        PrekeyDevice device = PrekeyDevice.generate(
                Draft.DEPLOYED, new InstanceTag(0xA11CE), Instant.now().plus(Duration.ofDays(7)), random);
        try (XmppUser alice = XmppUser.login(xmpp, xmpp.register("alice" + served, XmppServer.HOST), "phone")) {
            alice.connection().setReplyTimeout(PATIENCE.toMillis());
            assertEquals(
                    new Answer.Stored(),
                    client(alice, Binding.MESSAGE).publish(device, device.newPrekeyMessages(2, random)));
            assertEquals(new Answer.Count(2), client(alice, Binding.IQ).status(device));
        }
    }

    private PrekeyClient client(XmppUser user, Binding binding) {
        return new PrekeyClient(user, SERVER, binding, random);
    }

    /** No message is forwarded 5,000 times: an ejabberd 23.01 ends there itself, without a word. */
    static Stream<Named<Supplier<String>>> abuse() {
        return Stream.of(
                named("a body of 10 MB", () -> message("chat", body(letters()))),
                named("a body of 10 MB in UTF-8", () -> message("chat", body("\u20ac".repeat(GARBAGE_CHARS / 3)))),
                named("a body of 10 MB of references", () -> message("chat", body("&lt;".repeat(GARBAGE_CHARS / 4)))),
                named("a query of 10 MB", () -> set("<query xmlns='" + BINDING + "'>" + letters() + "</query>")),
                named("a ping of 10 MB", () -> get("<ping xmlns='urn:xmpp:ping'>" + letters() + "</ping>")),
                named(
                        "a subject of 10 MB",
                        () -> message("chat", "<subject>" + letters() + "</subject>" + body("AAQ="))),
                named("two children", () -> get("<ping xmlns='urn:xmpp:ping'/><ping xmlns='urn:xmpp:ping'/>")),
                named("no child", () -> get("")),
                named("text for a child", () -> get("ping")),
                named("a child without a namespace", () -> get("<ping xmlns=''/>")),
                named("nested forwarded messages", () -> message("chat", nested(10, forwarded()) + body("AAQ="))),
                named("deeply nested forwarded messages", () -> message("chat", nested(500, forwarded()))),
                named("an IQ of deeply nested elements", () -> set(nested(1_000, "<a xmlns='urn:example:a'>", "</a>"))),
                named("10,000 attributes", () -> get("<ping xmlns='urn:xmpp:ping'" + attributes("a%d='%<d'") + "/>")),
                named(
                        "10,000 attributes of a stanza",
                        () -> "<message to='" + SERVER + "' id='a'" + attributes("a%d='%<d'") + ">" + body("AAQ=")
                                + "</message>"),
                named(
                        "10,000 namespaces",
                        () -> get("<ping xmlns='urn:xmpp:ping'" + attributes("xmlns:a%d='urn:%<d'") + "/>")),
                named(
                        "10,000 prefixed attributes",
                        () -> get("<ping xmlns='urn:xmpp:ping' xmlns:p='urn:p'" + attributes("p:a%d='%<d'") + "/>")),
                named(
                        "100,000 children",
                        () -> set("<query xmlns='" + BINDING + "'>" + "<a/>".repeat(100_000) + "</query>")),
                named(
                        "100,000 names",
                        () -> set("<query xmlns='" + BINDING + "'>"
                                + IntStream.range(0, 100_000)
                                        .mapToObj(i -> "<n" + i + "/>")
                                        .collect(Collectors.joining())
                                + "</query>")),
                named("a name of 1 MB", () -> get("<" + "n".repeat(1_000_000) + " xmlns='urn:example:n'/>")),
                named(
                        "an attribute of 1 MB",
                        () -> get("<ping xmlns='urn:xmpp:ping' a='" + "n".repeat(1_000_000) + "'/>")),
                named(
                        "an id of 1 MB",
                        () -> "<iq to='" + SERVER + "' type='get' id='" + "n".repeat(1_000_000)
                                + "'><ping xmlns='urn:xmpp:ping'/></iq>"),
                named(
                        "a query id of 1 MB",
                        () -> set("<query xmlns='" + BINDING + "' id='" + "n".repeat(1_000_000) + "'>AAQ=</query>")),
                named(
                        "a node of 1 MB",
                        () -> set("<command xmlns='http://jabber.org/protocol/commands' node='" + "n".repeat(1_000_000)
                                + "'/>")),
                named(
                        "a form of 100,000 fields",
                        () -> set("<command xmlns='http://jabber.org/protocol/commands'"
                                + " node='prekeeper:user#forget'><x xmlns='jabber:x:data' type='submit'>"
                                + "<field var='confirm'><value>1</value></field>".repeat(100_000) + "</x></command>")),
                named(
                        "our own marks",
                        () -> set("<query xmlns='" + BINDING + "'/><too-large xmlns='prekeeper:stanza'/>")
                                + message("chat", body("AAQ=") + "<too-complex xmlns='prekeeper:stanza'/>")),
                named("a comment and an instruction", () -> get("<!-- - --><?a b?><ping xmlns='urn:xmpp:ping'/>")),
                named("an entity", () -> message("chat", body("&unheard-of;"))),
                named("what is not well-formed", () -> message("chat", "<body>AAQ=</subject>")),
                named("a character that XML has not", () -> message("chat", body("\u0001"))),
                named("a stanza of no known name", () -> "<conversation to='" + SERVER + "' id='a'/>"),
                named(
                        "an IQ of no known type",
                        () -> "<iq to='" + SERVER + "' id='a' type='b'><ping xmlns='urn:xmpp:ping'/></iq>"),
                named("a message of no known type", () -> message("unheard-of", body("AAQ="))),
                named("an IQ result", () -> "<iq to='" + SERVER + "' id='a' type='result'/>"),
                named("an IQ error", () -> "<iq to='" + SERVER + "' id='a' type='error'/>"),
                named(
                        "an IQ without an id",
                        () -> "<iq to='" + SERVER + "' type='get'><ping xmlns='urn:xmpp:ping'/></iq>"),
                named("a node's address", () -> to("someone@" + SERVER)),
                named("a resource's address", () -> to(SERVER + "/\ud83d\ude00")),
                named("an address without a node", () -> to("@" + SERVER)),
                named("an address with an empty resource", () -> to(SERVER + "/")),
                named("an address of spaces", () -> to("a b@" + SERVER)),
                named("an address of 4,000 characters", () -> to("a".repeat(4_000) + "@" + SERVER)),
                named(
                        "a forged sender",
                        () -> "<message from='" + SERVER + "' to='" + SERVER + "' type='chat'>" + body("AAQ=")
                                + "</message>"),
                named(
                        "a sender that is none",
                        () -> "<iq from='@@@' to='" + SERVER + "' id='a' type='get'>"
                                + "<ping xmlns='urn:xmpp:ping'/></iq>"));
    }

    @ParameterizedTest
    @MethodSource
    void abuse(Supplier<String> stanza) throws Exception {
        String abusive = stanza.get();
        for (int i = 0; i < TIMES; i++) {
            send("m", abusive);
            assertTrue(witness.pings(SERVER));
        }
    }

    /** So it is we who bound them: the XMPP server passes them on. */
    @Test
    void whatIsTooLargeIsAnsweredByUs() throws Exception {
        try (XmppUser mallory = XmppUser.login(xmpp, mallorysAccount, "smack")) {
            mallory.connection().setReplyTimeout(PATIENCE.toMillis());
            assertEquals(
                    new IqAnswer.Refused("modify", "not-acceptable", Optional.of("too-large")),
                    mallory.request(SERVER, "query", letters()));
            assertEquals(
                    "not-acceptable",
                    mallory.exchange("a", get("<ping xmlns='urn:xmpp:ping'" + attributes("a%d='%<d'") + "/>"))
                            .getError()
                            .getCondition()
                            .toString());
        }
    }

    /** Addresses that some servers take for proper and others, and libraries, do not. */
    @ParameterizedTest
    @ValueSource(strings = {"\ud83d\ude00", "\u2168", "\u0221", "\u00df", "a\u0300", "&lt;&amp;'"})
    void senderWithAStrangeResource(String resource) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            send(resource, get("<ping xmlns='urn:xmpp:ping'/>") + message("chat", body("AAQ=")));
            assertTrue(witness.pings(SERVER));
        }
    }

    @Test
    void manyLargeStanzasAtOnce() throws Exception {
        String large = set("<query xmlns='" + BINDING + "'>" + "A".repeat(250_000) + "</query>");
        for (int i = 0; i < 10; i++) {
            send("m", large.repeat(20));
            assertTrue(witness.pings(SERVER));
        }
    }

    /**
     * Sends {@code stanzas} as mallory, and returns when her server has passed them on, refused them, or ended the stream; what
     * is sent to the component from then on comes after them.
     */
    private void send(String resource, String stanzas) throws Exception {
        CountDownLatch passed = new CountDownLatch(1);
        try (PlainStream stream = PlainStream.login(xmpp, mallorysAccount, resource, heard -> {
            if (heard.id().equals("after")) {
                passed.countDown();
            }
        })) {
            stream.send(stanzas);
            stream.send("<iq to='" + XmppServer.HOST + "' id='after' type='get'><ping xmlns='urn:xmpp:ping'/></iq>");
            Instant end = Instant.now().plus(PATIENCE);
            while (!stream.hasEnded() && !passed.await(50, TimeUnit.MILLISECONDS)) {
                assertTrue(Instant.now().isBefore(end), () -> "no answer from the XMPP server: " + xmpp.log());
            }
        } catch (IOException refused) {
            assertTrue(xmpp.isAlive(), xmpp::log);
        }
    }

    private static Named<Supplier<String>> named(String name, Supplier<String> stanza) {
        return Named.of(name, stanza);
    }

    private static String letters() {
        return "AAQ3".repeat(GARBAGE_CHARS / 4);
    }

    private static String body(String text) {
        return "<body>" + text + "</body>";
    }

    private static String message(String type, String content) {
        return "<message to='" + SERVER + "' id='a' type='" + type + "'>" + content + "</message>";
    }

    private static String get(String content) {
        return "<iq to='" + SERVER + "' id='a' type='get'>" + content + "</iq>";
    }

    private static String set(String content) {
        return "<iq to='" + SERVER + "' id='a' type='set'>" + content + "</iq>";
    }

    private static String to(String address) {
        return "<iq to='" + address + "' id='a' type='get'><ping xmlns='urn:xmpp:ping'/></iq><message to='" + address
                + "' type='chat'>" + body("AAQ=") + "</message>";
    }

    private static String attributes(String form) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> " " + String.format(form, i))
                .collect(Collectors.joining());
    }

    private static String nested(int depth, String... tags) {
        return tags[0].repeat(depth) + tags[1].repeat(depth);
    }

    private static String[] forwarded() {
        return new String[] {
            "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='a@example.org' type='chat'>"
                    + "<body>AAQ=</body>",
            "</message></forwarded>"
        };
    }
}
