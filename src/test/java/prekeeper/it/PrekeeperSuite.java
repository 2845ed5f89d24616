package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smackx.disco.packet.DiscoverInfo;
import org.jivesoftware.smackx.disco.packet.DiscoverItems;
import org.jivesoftware.smackx.iqlast.packet.LastActivity;
import org.jivesoftware.smackx.iqversion.packet.Version;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import prekeeper.client.Handshake;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.PublisherSession.Answer;
import prekeeper.crypto.Bytes;
import prekeeper.wire.Armour;
import prekeeper.wire.CompositeIdentity;
import prekeeper.wire.Draft;
import prekeeper.wire.EnsembleQuery;
import prekeeper.wire.Fingerprint;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyEnsemble;
import prekeeper.wire.PrekeyMessage;

/**
 * The server as its users meet it: the built jar beside a real XMPP server, driven by Smack. Both are started once; each
 * test has accounts of its own, and puts back what it stops.
 */
abstract class PrekeeperSuite extends BesideSuite {
    private static final String SERVER = XmppServer.COMPONENT;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofMillis(300);
    private static final String INFO = DiscoverInfo.NAMESPACE;
    private static final String ITEMS = DiscoverItems.NAMESPACE;
    private static final InstanceTag BOBS_TAG = new InstanceTag(0xB0B0);

    private final SecureRandom random = new SecureRandom();
    private int tests;
    private Account alicesAccount;
    private Account bobsAccount;
    private Account carolsAccount;

    PrekeeperSuite() {
        super(PLENTY);
    }

    @BeforeEach
    void openAccounts() throws IOException {
        tests++;
        alicesAccount = xmpp.register("alice" + tests, XmppServer.HOST);
        bobsAccount = xmpp.register("bob" + tests, XmppServer.HOST);
        carolsAccount = xmpp.register("carol" + tests, XmppServer.OTHER_HOST);
    }

    /** Whatever a test does, the server lives on and finds no defect in itself. */
    @AfterEach
    void theServerIsWell() {
        assertTrue(xmpp.isAlive(), xmpp::log);
        assertTrue(prekeeper.isAlive(), prekeeper::log);
        assertFalse(prekeeper.log().contains("ERROR"), prekeeper::log);
    }

    @ParameterizedTest
    @CsvSource({"MESSAGE, DEPLOYED", "MESSAGE, SPEC", "IQ, DEPLOYED", "IQ, SPEC"})
    void aDeviceIsPublishedCountedAndHandedOutOnce(Binding binding, Draft draft) throws Exception {
        try (XmppUser alice = alice("phone");
                XmppUser bob = bob()) {
            PrekeyClient publisher = client(alice, binding);
            PrekeyClient retriever = client(bob, binding);
            PrekeyDevice device = device(draft, 0x1000);
            List<PrekeyMessage> messages = device.newPrekeyMessages(3, random);
            assertEquals(new Answer.Count(0), publisher.status(device));
            assertEquals(new Answer.Stored(), publisher.publish(device, messages));
            assertEquals(new Answer.Count(3), publisher.status(device));
            for (PrekeyMessage message : messages) {
                assertEquals(
                        List.of(new PrekeyEnsemble(device.clientProfile(), device.prekeyProfile(), message)),
                        retriever.retrieve(BOBS_TAG, alicesAccount.jid(), draft));
            }
            assertEquals(List.of(), retriever.retrieve(BOBS_TAG, alicesAccount.jid(), draft));
            assertEquals(new Answer.Count(0), publisher.status(device));
        }
    }

    @Test
    void restartsAndKillsLoseNothingAndHandNothingOutTwice() throws Exception {
        try (XmppUser phone = alice("phone");
                XmppUser laptop = alice("laptop");
                XmppUser bob = bob()) {
            PrekeyDevice first = device(Draft.DEPLOYED, 0x1000);
            PrekeyDevice second = device(Draft.DEPLOYED, 0x2000);
            PrekeyDevice bobs = device(Draft.DEPLOYED, BOBS_TAG.value());
            client(phone, Binding.MESSAGE).publish(first, first.newPrekeyMessages(4, random));
            client(laptop, Binding.IQ).publish(second, second.newPrekeyMessages(4, random));
            client(bob, Binding.IQ).publish(bobs, bobs.newPrekeyMessages(1, random));

            Set<PrekeyMessage> taken = new HashSet<>();
            take(bob, taken, 2);
            prekeeper.stop();
            startAgain();
            take(bob, taken, 4);
            prekeeper.kill();
            startAgain();
            assertEquals(new Answer.Count(2), client(phone, Binding.MESSAGE).status(first));
            assertEquals(new Answer.Count(2), client(laptop, Binding.MESSAGE).status(second));
            assertEquals(new Answer.Count(1), client(bob, Binding.MESSAGE).status(bobs));
            take(bob, taken, 6);
            take(bob, taken, 8);
            assertEquals(List.of(), client(bob, Binding.IQ).retrieve(BOBS_TAG, alicesAccount.jid(), Draft.DEPLOYED));
        }
    }

    /** One ensemble of each of alice's two devices, neither seen before. */
    private void take(XmppUser bob, Set<PrekeyMessage> taken, int inAll) throws Exception {
        List<PrekeyEnsemble> ensembles =
                client(bob, Binding.IQ).retrieve(BOBS_TAG, alicesAccount.jid(), Draft.DEPLOYED);
        ensembles.forEach(ensemble -> taken.add(ensemble.prekeyMessage()));
        assertEquals(2, ensembles.size());
        assertEquals(inAll, taken.size());
    }

    private void startAgain() throws IOException {
        prekeeper.start();
        prekeeper.awaitConnected();
    }

    @Test
    void theConnectionComesBackWhenTheXmppServerDoes() throws Exception {
        xmpp.restart();
        awaitPing();
        xmpp.kill();
        xmpp.start();
        awaitPing();
    }

    private void awaitPing() throws Exception {
        Instant deadline = Instant.now().plusSeconds(20);
        try (XmppUser alice = alice("phone")) {
            while (!alice.pings(SERVER)) {
                assertTrue(Instant.now().isBefore(deadline), prekeeper.log());
                Thread.sleep(100);
            }
        }
    }

    @Test
    void clientsFindTheServerAndProveItsFingerprint() throws Exception {
        try (XmppUser alice = alice("phone")) {
            assertEquals(List.of(SERVER), alice.discoverPrekeyServers(XmppServer.HOST));
            for (Draft draft : Draft.values()) {
                CompositeIdentity identity = client(alice, Binding.IQ).identify(device(draft, 0x1000));
                assertEquals(SERVER, identity.serverJid());
                assertEquals(
                        Optional.of(Fingerprint.of(identity.publicKey(), Draft.DEPLOYED)
                                .toHex()),
                        alice.discoverFingerprint(SERVER));
            }
        }
    }

    @Test
    void clientsLearnWhatTheServerIsAndThatItLives() throws Exception {
        try (XmppUser alice = alice("phone")) {
            assertTrue(alice.pings(SERVER));

            Version version = assertInstanceOf(Version.class, get(alice, "<query xmlns='jabber:iq:version'/>"));
            assertEquals("Prekeeper", version.getName());
            assertFalse(version.getVersion().isEmpty());
            assertNull(version.getOs());

            LastActivity activity = assertInstanceOf(LastActivity.class, get(alice, "<query xmlns='jabber:iq:last'/>"));
            assertTrue(activity.getIdleTime() >= 0);

            DiscoverInfo info = assertInstanceOf(DiscoverInfo.class, get(alice, "<query xmlns='" + INFO + "'/>"));
            DiscoverInfo.Identity first = info.getIdentities().get(0);
            assertEquals("auth/otr-prekey", first.getCategory() + "/" + first.getType());
            assertTrue(info.containsFeature("http://jabber.org/protocol/otrv4-prekey-server"));
            assertTrue(info.containsFeature(BindingIq.NAMESPACE));
        }
    }

    /** The XMPP server may refuse some of these before they reach us; to a client it is the same. */
    @Test
    void whatTheServerDoesNotKnowIsAnsweredWithAnError() throws Exception {
        try (XmppUser alice = alice("phone")) {
            assertEquals("item-not-found", error(get(alice, "<query xmlns='" + INFO + "' node='elsewhere'/>")));
            assertEquals("item-not-found", error(get(alice, "<query xmlns='" + ITEMS + "' node='elsewhere'/>")));
            assertEquals("service-unavailable", error(get(alice, "<query xmlns='urn:example:nothing'/>")));
            assertEquals("service-unavailable", error(get(alice, "<query xmlns='" + BindingIq.NAMESPACE + "'/>")));
            assertEquals(
                    "bad-request", error(get(alice, "<ping xmlns='urn:xmpp:ping'/><ping xmlns='urn:xmpp:ping'/>")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"headline", "groupchat", "error"})
    void aMessageOfATypeThatAsksNothingIsNeverAnswered(String type) throws Exception {
        String query = Armour.encode(new EnsembleQuery(BOBS_TAG, alicesAccount.jid(), "4").encode());
        try (XmppUser bob = bob()) {
            assertEquals(List.of(), bob.provoke(SERVER, message(type, query), SILENCE));
            assertTrue(bob.ask(SERVER, query, PATIENCE).isPresent());
        }
    }

    private static String message(String type, String body) {
        return "<message to='" + SERVER + "' id='m1' type='" + type + "'><body>" + body + "</body></message>";
    }

    @ParameterizedTest
    @ValueSource(strings = {"subscribe", "subscribed", "unsubscribe", "unsubscribed", "probe", "unavailable"})
    void presenceIsIgnored(String type) throws Exception {
        try (XmppUser alice = alice("phone")) {
            String presence = "<presence to='" + SERVER + "' type='" + type + "'/>";
            assertEquals(List.of(), alice.provoke(SERVER, presence, SILENCE));
        }
    }

    /** Some of these the XMPP server refuses itself, by ending the client's stream. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<conversation to='prekey.example.org' id='x1'/>",
                "<message to='@prekey.example.org' id='x2' type='chat'><body>AAQ=.</body></message>",
                "<message to='someone@prekey.example.org' id='x3' type='chat'><body>AAQ=.</body></message>",
                "<message to='prekey.example.org' id='x4' type='unheard-of'/>",
                "<presence to='prekey.example.org' id='x5' type='unheard-of'/>",
                "<iq to='prekey.example.org' id='x6' type='unheard-of'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq to='prekey.example.org' id='x7' type='result'/>",
                "<iq to='prekey.example.org' id='x8' type='error'/>",
                "<iq to='prekey.example.org' type='get'><ping xmlns='urn:xmpp:ping'/></iq>"
            })
    void whatIsNoProperStanzaDoesNoHarm(String stanza) throws Exception {
        try (XmppUser alice = alice("phone");
                XmppUser bob = bob()) {
            alice.provoke(SERVER, stanza, SILENCE);
            assertTrue(bob.pings(SERVER));
        }
    }

    private static Stanza get(XmppUser user, String child) {
        String id = UUID.randomUUID().toString();
        return user.exchange(id, "<iq to='" + SERVER + "' id='" + id + "' type='get'>" + child + "</iq>");
    }

    private static String error(Stanza answer) {
        return answer.getError().getCondition().toString();
    }

    @Test
    void whoeverAsksPublishersComeFromTheConfiguredDomainAlone() throws Exception {
        try (XmppUser carol = XmppUser.login(xmpp, carolsAccount, "x");
                XmppUser alice = alice("phone")) {
            PrekeyDevice device = device(Draft.SPEC, 0x1000);
            client(alice, Binding.IQ).publish(device, device.newPrekeyMessages(1, random));
            String dake1 = Armour.encode(Handshake.begin(device(Draft.SPEC, 0x3000), carol.bareJid(), SERVER, random)
                    .dake1()
                    .encode());
            assertEquals(
                    new IqAnswer.Refused("auth", "forbidden", Optional.of("publisher-not-allowed")),
                    carol.request(SERVER, "dake", dake1));
            assertEquals(Optional.empty(), carol.ask(SERVER, dake1, PATIENCE));
            assertEquals(
                    1,
                    client(carol, Binding.MESSAGE)
                            .retrieve(BOBS_TAG, alicesAccount.jid(), Draft.SPEC)
                            .size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoMessageIsRefusedAndTheServerServesOn(Draft draft) throws Exception {
        try (XmppUser alice = alice("phone")) {
            PrekeyDevice device = device(draft, 0x1000);
            Bytes query = new EnsembleQuery(BOBS_TAG, alicesAccount.jid(), "4").encode();
            byte[] version3 = query.toByteArray();
            version3[1] = 3;
            byte[] garbage = new byte[60_000];
            random.nextBytes(garbage);
            Map<String, IqAnswer> refused = Map.of(
                    "hello",
                    refused("modify", "bad-request", "malformed"),
                    "",
                    refused("modify", "bad-request", "malformed"),
                    "AAQ=.",
                    refused("modify", "bad-request", "malformed"),
                    Armour.encode(query.concat(Bytes.of((byte) 0))),
                    refused("modify", "bad-request", "malformed"),
                    Base64.getEncoder().encodeToString(garbage),
                    refused("modify", "not-acceptable", "unsupported-version"),
                    Armour.encode(Bytes.of(version3)),
                    refused("modify", "not-acceptable", "unsupported-version"));
            for (Map.Entry<String, IqAnswer> bad : refused.entrySet()) {
                assertEquals(bad.getValue(), alice.request(SERVER, "query", bad.getKey()));
            }
            assertEquals(
                    refused("modify", "unexpected-request", "no-handshake"),
                    alice.request(
                            SERVER,
                            "status",
                            Armour.encode(Bytes.fromHex("00043700001000").concat(query))));
            assertEquals(
                    refused("modify", "not-acceptable", "too-large"),
                    alice.request(SERVER, "publish", "AAQ3".repeat(50_000)));
            for (String body : List.of("hello.", "AAQQ.", Armour.encode(query.slice(0, 20)), "AAQ3AAAQAAAA.")) {
                assertEquals(Optional.empty(), alice.ask(SERVER, body, SILENCE));
            }
            assertInstanceOf(IqAnswer.Refused.class, alice.request(SERVER, "nonsense", "AAQ="));
            assertEquals(
                    new Answer.Stored(),
                    client(alice, Binding.MESSAGE).publish(device, device.newPrekeyMessages(1, random)));
        }
    }

    private static IqAnswer refused(String type, String condition, String application) {
        return new IqAnswer.Refused(type, condition, Optional.of(application));
    }

    @Test
    void aPublicationOf255MessagesIsStoredOverBothBindings() throws Exception {
        try (XmppUser alice = alice("phone")) {
            PrekeyDevice device = device(Draft.SPEC, 0x1000);
            client(alice, Binding.MESSAGE).publish(device, device.newPrekeyMessages(255, random));
            assertEquals(
                    new Answer.Stored(),
                    client(alice, Binding.IQ).publishMore(device, device.newPrekeyMessages(245, random)));
            assertEquals(new Answer.Count(500), client(alice, Binding.IQ).status(device));
        }
    }

    @Test
    void anIdleServerStaysBelow128MegabytesAndLogsNoSecret() throws Exception {
        prekeeper.stop();
        startAgain();
        assertTrue(prekeeper.residentBytes() < 128_000_000, prekeeper.residentBytes() + " bytes resident");
        assertFalse(prekeeper.log().contains(xmpp.componentSecret()));
    }

    @Test
    void aSlixmppClientThatKnowsNoCodeOfOursDrivesEverything() throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("--host", "127.0.0.1", "--port", Integer.toString(xmpp.clientPort()), "--component", SERVER));
        Map<String, Account> accounts = Map.of(
                "--alice", alicesAccount,
                "--bob", bobsAccount,
                "--stranger", carolsAccount,
                "--admin", prekeeper.admin());
        accounts.forEach((option, account) -> arguments.addAll(List.of(option, account.jid(), account.password())));
        new SlixmppClient(scratch, "src/test/python/otrv4_suite.py").run(arguments, Duration.ofMinutes(10));
    }

    private XmppUser alice(String resource) throws Exception {
        return XmppUser.login(xmpp, alicesAccount, resource);
    }

    private XmppUser bob() throws Exception {
        return XmppUser.login(xmpp, bobsAccount, "tablet");
    }

    private PrekeyClient client(XmppUser user, Binding binding) {
        return new PrekeyClient(user, SERVER, binding, random);
    }

    private PrekeyDevice device(Draft draft, int tag) {
        return PrekeyDevice.generate(draft, new InstanceTag(tag), Instant.now().plus(Duration.ofDays(7)), random);
    }
}
