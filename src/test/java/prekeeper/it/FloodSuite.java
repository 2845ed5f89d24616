package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.PublisherSession.Answer;
import prekeeper.wire.Armour;
import prekeeper.wire.Draft;
import prekeeper.wire.EnsembleQuery;
import prekeeper.wire.EnsembleRetrieval;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.ServerMessage;

/**
 * One account asks without end, and others are served; what honest clients ask is never too much. How fast all this is depends
 * on the machine: it is printed, not judged.
 */
abstract class FloodSuite extends BesideSuite {
    private static final String SERVER = XmppServer.COMPONENT;
    private static final Duration FLOOD = Duration.ofSeconds(6);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration SLOWEST_HANDSHAKE = Duration.ofMinutes(1);
    /** Leaves the limit of handshakes (60 at once) alone. */
    private static final int HANDSHAKES = 40;

    private static final int MOST_MESSAGE_BYTES = 1 << 20;
    /** Stanzas that are written at once. */
    private static final int BATCH = 20;

    private static final int RETRIEVALS_AT_ONCE = 10;
    private static final int RETRIEVALS_AN_HOUR = 10;
    private static final int STOCK = 100;
    private static final int CONTACTS = 20;
    private static final int STOCK_OF_CONTACT = 10;

    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger tags = new AtomicInteger(0x1000);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private int tests;

    @AfterAll
    void end() {
        threads.shutdownNow();
    }

    @BeforeEach
    void countTests() {
        tests++;
    }

    @AfterEach
    void theServerIsWell() {
        assertTrue(prekeeper.isAlive(), prekeeper::log);
        assertFalse(prekeeper.log().contains("ERROR"), prekeeper::log);
        assertEquals(2, prekeeper.log().split("connected to the XMPP server", -1).length, prekeeper::log);
    }

    @ParameterizedTest
    @EnumSource
    void aFloodOfQueriesTakesNoMoreThanTheLimitAndHoldsNobodyUp(Binding binding) throws Exception {
        try (XmppUser target = logIn("target");
                XmppUser alice = logIn("alice")) {
            PrekeyDevice targets = publish(target, STOCK);
            PrekeyDevice phone = publish(alice, 1);
            alice.connection().setReplyTimeout(PATIENCE.toMillis());
            print("%s, before: %s", binding, handshakes(alice, phone, 10, Duration.ZERO));

            Flood flood = new Flood(binding, target.bareJid());
            try (PlainStream stream = PlainStream.login(xmpp, account("mallory"), "m", flood::hear)) {
                long begin = System.nanoTime();
                Duration cpuBefore = cpu();
                Future<?> flooding = threads.submit(() -> flood.run(stream, begin + FLOOD.toNanos()));
                Times times = handshakes(alice, phone, HANDSHAKES, FLOOD.dividedBy(HANDSHAKES));
                flooding.get();
                Duration sending = Duration.ofNanos(System.nanoTime() - begin);
                flood.awaitAnswers(stream);
                assertTrue(alice.pings(SERVER));
                Duration all = Duration.ofNanos(System.nanoTime() - begin);
                Duration cpu = cpu().minus(cpuBefore);
                print("%s, flooded: %s", binding, times);
                print(
                        "%s: %d queries sent in %.1f s, %.0f a second; all answered after %.1f s: %d results, %d errors; "
                                + "%.2f s of CPU, %.2f a second, %.0f us a query; %d ensembles handed out; %d MB resident",
                        binding,
                        flood.sent.get(),
                        seconds(sending),
                        flood.sent.get() / seconds(sending),
                        seconds(all),
                        flood.results.get(),
                        flood.errors.get(),
                        seconds(cpu),
                        seconds(cpu) / seconds(all),
                        1e6 * seconds(cpu) / flood.sent.get(),
                        flood.ensembles.get(),
                        prekeeper.residentBytes() / 1_000_000);

                long refilled = all.toSeconds() * RETRIEVALS_AN_HOUR / 3600;
                assertTrue(flood.ensembles.get() > 0, "nothing was handed out at all");
                assertTrue(
                        flood.ensembles.get() <= RETRIEVALS_AT_ONCE + refilled,
                        () -> flood.ensembles + " ensembles handed out");
                assertTrue(times.worst().compareTo(SLOWEST_HANDSHAKE) < 0, times::toString);
            }
            assertEquals(
                    new Answer.Count(STOCK - flood.ensembles.get()),
                    client(target, Binding.IQ).status(targets));
        }
    }

    /** Queries of one account for one target, and what comes back. */
    private final class Flood {
        private final Binding binding;
        private final String query;
        private final AtomicLong sent = new AtomicLong();
        private final AtomicLong results = new AtomicLong();
        private final AtomicLong errors = new AtomicLong();
        private final AtomicLong ensembles = new AtomicLong();
        private volatile boolean lastHeard;

        Flood(Binding binding, String target) {
            this.binding = binding;
            query = query(target);
        }

        Void run(PlainStream stream, long end) throws IOException {
            while (System.nanoTime() < end) {
                StringBuilder batch = new StringBuilder();
                for (int i = 0; i < BATCH; i++) {
                    batch.append(stanza(binding, "q" + sent.incrementAndGet(), query));
                }
                stream.send(batch.toString());
            }
            return null;
        }

        void hear(PlainStream.Heard heard) {
            if (heard.id().equals("last")) {
                lastHeard = true;
                return;
            }
            if (heard.type().equals("error")) {
                errors.incrementAndGet();
                return;
            }
            if (!heard.text().isEmpty()) {
                ensembles.addAndGet(retrieval(heard).ensembles().size());
            }
            results.incrementAndGet();
        }

        /** A ping behind all that was sent; while nobody is told any more of being over a limit, it is sent again. */
        void awaitAnswers(PlainStream stream) throws Exception {
            Instant end = Instant.now().plus(PATIENCE);
            while (!lastHeard) {
                assertFalse(stream.hasEnded(), xmpp::log);
                assertTrue(Instant.now().isBefore(end), () -> "no answer after " + sent + " queries");
                stream.send("<iq to='" + SERVER + "' id='last' type='get'><ping xmlns='urn:xmpp:ping'/></iq>");
                Thread.sleep(500);
            }
        }
    }

    /** How long handshakes took. */
    private record Times(List<Duration> sorted) {
        Duration worst() {
            return sorted.get(sorted.size() - 1);
        }

        @Override
        public String toString() {
            return sorted.size() + " handshakes with status, median "
                    + sorted.get(sorted.size() / 2).toMillis() + " ms, worst " + worst().toMillis() + " ms";
        }
    }

    /** So many handshakes with status requests, one after the other, one begun in each {@code step} at most. */
    private Times handshakes(XmppUser user, PrekeyDevice device, int count, Duration step) throws Exception {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long begin = System.nanoTime();
            assertEquals(new Answer.Count(1), client(user, Binding.IQ).status(device));
            Duration time = Duration.ofNanos(System.nanoTime() - begin);
            times.add(time);
            if (time.compareTo(step) < 0) {
                Thread.sleep(step.minus(time).toMillis());
            }
        }
        return new Times(times.stream().sorted().toList());
    }

    @ParameterizedTest
    @EnumSource
    void anHonestClientMeetsNoLimit(Binding binding) throws Exception {
        logInAndAsk(account("alice"), "phone", binding, contacts());
    }

    private Set<String> contacts() throws Exception {
        Set<String> contacts = new HashSet<>();
        for (int i = 0; i < CONTACTS; i++) {
            try (XmppUser contact = logIn("contact" + i + "x")) {
                publish(contact, STOCK_OF_CONTACT);
                contacts.add(contact.bareJid());
            }
        }
        return contacts;
    }

    /** As a device logs in: without waiting it retrieves for all contacts, asks for its status and publishes. */
    private Void logInAndAsk(Account account, String resource, Binding binding, Set<String> contacts) throws Exception {
        PrekeyDevice device = device();
        BlockingQueue<PlainStream.Heard> answers = new LinkedBlockingQueue<>();
        try (XmppUser user = XmppUser.login(xmpp, account, resource);
                PlainStream stream = PlainStream.login(xmpp, account, resource + "-queries", answers::add)) {
            user.connection().setReplyTimeout(PATIENCE.toMillis());
            stream.send(contacts.stream()
                    .map(contact -> stanza(binding, contact, query(contact)))
                    .collect(Collectors.joining()));
            PrekeyClient client = client(user, binding);
            assertEquals(new Answer.Count(0), client.status(device));
            assertEquals(new Answer.Stored(), client.publish(device, device.newPrekeyMessages(100, random)));
            assertEquals(new Answer.Count(100), client.status(device));
            Set<String> answered = new HashSet<>();
            while (answered.size() < contacts.size()) {
                PlainStream.Heard answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertNotNull(answer, () -> "only " + answered + " answered");
                assertEquals(1, retrieval(answer).ensembles().size());
                assertTrue(answered.add(retrieval(answer).identity()), answer::toString);
            }
            assertEquals(contacts, answered);
        }
        return null;
    }

    private String query(String target) {
        return Armour.encode(new EnsembleQuery(nextTag(), target, "4").encode());
    }

    private static String stanza(Binding binding, String id, String query) {
        return switch (binding) {
            case IQ ->
                "<iq to='" + SERVER + "' id='" + id + "' type='set'><query xmlns='" + BindingIq.NAMESPACE + "'>" + query
                        + "</query></iq>";
            case MESSAGE ->
                "<message to='" + SERVER + "' id='" + id + "' type='chat'><body>" + query + "</body></message>";
        };
    }

    /** What {@code heard} brings. */
    private static EnsembleRetrieval retrieval(PlainStream.Heard heard) {
        try {
            return (EnsembleRetrieval)
                    ServerMessage.decode(Armour.decode(heard.text(), MOST_MESSAGE_BYTES), Draft.DEPLOYED);
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("no answer with prekeys: " + heard, e);
        }
    }

    private Account account(String name) throws IOException {
        return xmpp.register(name + tests, XmppServer.HOST);
    }

    private XmppUser logIn(String name) throws IOException {
        return XmppUser.login(xmpp, account(name), "x");
    }

    private PrekeyClient client(XmppUser user, Binding binding) {
        return new PrekeyClient(user, SERVER, binding, random);
    }

    private InstanceTag nextTag() {
        return new InstanceTag(tags.incrementAndGet());
    }

    private PrekeyDevice device() {
        return PrekeyDevice.generate(Draft.DEPLOYED, nextTag(), Instant.now().plus(Duration.ofDays(7)), random);
    }

    private PrekeyDevice publish(XmppUser owner, int messages) throws Exception {
        PrekeyDevice device = device();
        assertEquals(
                new Answer.Stored(),
                client(owner, Binding.IQ).publish(device, device.newPrekeyMessages(messages, random)));
        return device;
    }

    /** What the server has used of the processors so far. */
    private Duration cpu() {
        return ProcessHandle.of(prekeeper.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private void print(String format, Object... values) {
        System.out.println(getClass().getSimpleName() + ": " + String.format(Locale.ROOT, format, values));
    }
}
