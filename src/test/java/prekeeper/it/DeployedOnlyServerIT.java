package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.jxmpp.jid.BareJid;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.VerifiedEnsemble;
import prekeeper.client.smack.PrekeyBinding;
import prekeeper.client.smack.PrekeyManager;
import prekeeper.client.smack.PrekeyPublisher;
import prekeeper.client.smack.PrekeyServer;
import prekeeper.crypto.SecretBytes;
import prekeeper.trial.Finding;
import prekeeper.trial.Finding.Verdict;
import prekeeper.trial.Reach;
import prekeeper.trial.Trial;
import prekeeper.trial.TrialSettings;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;
import prekeeper.xmpp.ServerConnection;

/** Our client at a prekey server that is not ours: the DEPLOYED draft, in messages, and nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeployedOnlyServerIT {
    private final SecureRandom random = new SecureRandom();
    private Scratch scratch;
    private XmppServer xmpp;
    private ServerConnection server;

    @BeforeAll
    void start() throws IOException {
        scratch = Scratch.create();
        xmpp = PrivateProsody.start(scratch);
        server = DeployedOnlyServer.connect(xmpp);
        try (XmppUser probe = XmppUser.login(xmpp, xmpp.register("probe", XmppServer.HOST), "probe")) {
            Instant deadline = Instant.now().plusSeconds(60);
            while (probe.discoverPrekeyServers(XmppServer.HOST).isEmpty()) {
                assertTrue(Instant.now().isBefore(deadline), "not connected");
            }
        }
    }

    @AfterAll
    void end() {
        server.close();
        scratch.close();
    }

    @Test
    void aDeviceIsPublishedThereCountedAndRetrievedOnce() throws Exception {
        try (XmppUser alice = XmppUser.login(xmpp, xmpp.register("alice", XmppServer.HOST), "phone");
                XmppUser bob = XmppUser.login(xmpp, xmpp.register("bob", XmppServer.HOST), "tablet")) {
            PrekeyManager alices = PrekeyManager.getInstanceFor(alice.connection());
            PrekeyManager bobs = PrekeyManager.getInstanceFor(bob.connection());
            PrekeyServer found = alices.findServer().orElseThrow();
            assertEquals(Set.of(PrekeyBinding.MESSAGE), found.bindings());
            assertEquals(Optional.empty(), found.publicKey());
            PrekeyDevice device = PrekeyDevice.generate(
                    Draft.DEPLOYED, new InstanceTag(0x1000), Instant.now().plus(Duration.ofDays(7)), random);
            PrekeyPublisher publisher = alices.publisher(found, device, (tag, secrets) -> {}, key -> true);
            publisher.publish(100);
            publisher.publishMore(2);
            assertEquals(102, publisher.status());
            BareJid contact = alice.connection().getUser().asBareJid();
            List<VerifiedEnsemble> first = bobs.retrieve(found, contact, new InstanceTag(0xB0B0));
            List<VerifiedEnsemble> second = bobs.retrieve(found, contact, new InstanceTag(0xB0B0));
            assertEquals(1, first.size());
            assertEquals(1, second.size());
            assertTrue(first.get(0).prekeyMessage().identifier()
                    != second.get(0).prekeyMessage().identifier());
            assertEquals(
                    List.of(), bobs.retrieve(found, bob.connection().getUser().asBareJid(), new InstanceTag(0xB0B0)));
            assertThrows(XMPPErrorException.class, () -> alices.forget(found, device.tag()));
        }
    }

    /** Takes the minute that silence takes to mean something. */
    @Test
    void aTrialSaysThatThePublishedDraftIsNotSpokenAndFailsNothing() throws Exception {
        Account carol = xmpp.register("carol", XmppServer.HOST);
        List<Finding> findings = new ArrayList<>();
        boolean passed = new Trial(
                        new TrialSettings(
                                prekeeper.trial.Account.of(
                                        carol.jid(),
                                        SecretBytes.adopt(carol.password().getBytes(StandardCharsets.UTF_8))),
                                Optional.empty(),
                                new Reach(Optional.of("127.0.0.1"), xmpp.clientPort(), Reach.Tls.NONE),
                                Optional.empty(),
                                Optional.empty(),
                                Optional::empty),
                        InstantSource.system(),
                        random,
                        findings::add)
                .run();
        assertTrue(passed, findings::toString);
        Finding spec = findings.stream()
                .filter(finding -> finding.step().equals("speak draft SPEC"))
                .findFirst()
                .orElseThrow();
        assertEquals(Verdict.SKIPPED, spec.verdict());
        assertTrue(findings.stream().anyMatch(finding -> finding.step().equals("retrieve by message, draft DEPLOYED")));
        assertTrue(findings.stream().noneMatch(finding -> finding.step().contains("by IQ")));
    }
}
