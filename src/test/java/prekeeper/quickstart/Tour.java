package prekeeper.quickstart;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.PublisherSession.Answer;
import prekeeper.it.Account;
import prekeeper.it.Binding;
import prekeeper.it.PrekeyClient;
import prekeeper.it.RunningPrekeeper;
import prekeeper.it.Scratch;
import prekeeper.it.XmppServer;
import prekeeper.it.XmppUser;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.Draft;
import prekeeper.wire.Fingerprint;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyEnsemble;

/** Alice publishes, goes offline, and Bob retrieves, until nothing is left. Every answer is checked on the way. */
final class Tour {
    private static final InstanceTag PHONE = new InstanceTag(0x1A11CE01);
    private static final InstanceTag LAPTOP = new InstanceTag(0x1A11CE02);
    private static final InstanceTag BOBS = new InstanceTag(0x0B0B0001);
    private static final Duration LIFETIME = Duration.ofDays(14);

    private final Scratch scratch;
    private final Narrator narrator;
    private final SecureRandom random = new SecureRandom();
    private final XmppServer server;
    private final Account alicesAccount;
    private final Account bobsAccount;
    private final Set<Integer> retrieved = new HashSet<>();

    /** Opens the accounts at {@code server}, which runs in {@code scratch}. */
    Tour(Scratch scratch, Narrator narrator, XmppServer server) throws IOException {
        this.scratch = scratch;
        this.narrator = narrator;
        this.server = server;
        alicesAccount = server.register("alice", XmppServer.HOST);
        bobsAccount = server.register("bob", XmppServer.HOST);
    }

    /** Walks the tour; throws at the first promise that is not kept. */
    void walk() throws Exception {
        narrator.step("A Prosody of our own serves " + XmppServer.HOST + " on 127.0.0.1:" + server.clientPort()
                + ", with the accounts alice and bob.");
        RunningPrekeeper prekeeper = RunningPrekeeper.start(scratch, server);
        narrator.step("Prekeeper has joined it as the component " + XmppServer.COMPONENT + ", in "
                + prekeeper.residentBytes() / (1 << 20) + " MiB of memory.");
        Instant expires = Instant.now().plus(LIFETIME);
        try (PrekeyDevice phone = PrekeyDevice.generate(Draft.DEPLOYED, PHONE, expires, random);
                PrekeyDevice laptop = PrekeyDevice.generate(Draft.SPEC, LAPTOP, expires, random)) {
            publishFromPhone(phone);
            emptyPhone(phone);
            useLaptop(laptop);
        }
    }

    /** How to join while it stays. */
    void tellHowToConnect() {
        narrator.line("");
        narrator.line("It stays as it is until you press Ctrl-C. Connect any XMPP client, without TLS:");
        narrator.line("  server    127.0.0.1, port " + server.clientPort());
        narrator.line("  accounts  " + alicesAccount.jid() + "  password " + alicesAccount.password());
        narrator.line("            " + bobsAccount.jid() + "    password " + bobsAccount.password());
        narrator.line(
                "  prekeys   " + XmppServer.COMPONENT + " (XEP-0114 components: port " + server.componentPort() + ")");
        narrator.line("  files     " + scratch.folder() + " (configuration, store, logs; removed at the end)");
    }

    private void publishFromPhone(PrekeyDevice phone) throws Exception {
        try (XmppUser alice = login(alicesAccount)) {
            List<String> servers = alice.discoverPrekeyServers(XmppServer.HOST);
            check(servers.equals(List.of(XmppServer.COMPONENT)), "discovery found " + servers);
            PrekeyClient client = client(alice, Binding.MESSAGE);
            Fingerprint proven = Fingerprint.of(client.identify(phone).publicKey(), Draft.DEPLOYED);
            check(
                    alice.discoverFingerprint(XmppServer.COMPONENT).equals(Optional.of(proven.toHex())),
                    "the server proves another key than discovery shows");
            narrator.step(
                    "Alice's phone finds it by service discovery, and it proves to own the key whose fingerprint",
                    "it shows there: " + proven.toString().substring(0, 17) + " ...");

            Answer stored = client.publish(phone, phone.newPrekeyMessages(3, random));
            check(stored.equals(new Answer.Stored()), "the publication was answered with " + stored);
            narrator.step(
                    "It publishes 2 signed profiles and 3 prekey messages, in chat messages as libotr-ng does.",
                    "They are stored: the answer is authenticated by the handshake.");
            Answer count = client.status(phone);
            check(count.equals(new Answer.Count(3)), "the status was answered with " + count);
            narrator.step("It asks how many prekey messages are stored: 3. Alice goes offline.");
        }
    }

    private void emptyPhone(PrekeyDevice phone) throws Exception {
        try (XmppUser bob = login(bobsAccount)) {
            String first = retrieveOne(bob, Binding.MESSAGE, phone);
            narrator.step(
                    "Bob asks for Alice's prekeys in a chat message and gets an ensemble with prekey message " + first
                            + ".",
                    "Its signatures and keys are right, so he can write to her while she is offline.");
            String second = retrieveOne(bob, Binding.IQ, phone);
            narrator.step("He asks again, in an IQ this time, and gets " + second + ": none is handed out twice.");
            String third = retrieveOne(bob, Binding.MESSAGE, phone);
            for (Binding binding : Binding.values()) {
                List<PrekeyEnsemble> more = retrieve(bob, binding, phone.draft());
                check(more.isEmpty(), "a fourth ensemble was handed out over " + binding);
            }
            narrator.step("The third is " + third + ". After that the answer is that there are no more.");
        }
    }

    private void useLaptop(PrekeyDevice laptop) throws Exception {
        try (XmppUser alice = login(alicesAccount)) {
            PrekeyClient client = client(alice, Binding.IQ);
            Answer stored = client.publish(laptop, laptop.newPrekeyMessages(1, random));
            check(stored.equals(new Answer.Stored()), "the laptop's publication was answered with " + stored);
            Answer count = client.status(laptop);
            check(count.equals(new Answer.Count(1)), "the laptop's status was answered with " + count);
        }
        narrator.step(
                "Alice's laptop speaks the published text of the protocol, where the phone's draft differs on the wire.",
                "It publishes 1 prekey message of its own, in IQs.");
        try (XmppUser bob = login(bobsAccount)) {
            narrator.step("Bob gets its prekey message, " + retrieveOne(bob, Binding.IQ, laptop) + ", as well.");
        }
    }

    /** Retrieves the one ensemble of {@code device}, of a prekey message never seen before, and names that. */
    private String retrieveOne(XmppUser bob, Binding binding, PrekeyDevice device) throws Exception {
        List<PrekeyEnsemble> ensembles = retrieve(bob, binding, device.draft());
        check(ensembles.size() == 1, ensembles.size() + " ensembles were handed out instead of 1");
        PrekeyEnsemble ensemble = ensembles.get(0);
        ClientProfile owner = ensemble.clientProfile();
        check(owner.equals(device.clientProfile()), "the ensemble is not of the device that published");
        int identifier = ensemble.prekeyMessage().identifier();
        check(retrieved.add(identifier), String.format("prekey message %08x was handed out twice", identifier));
        return String.format("%08x", identifier);
    }

    private List<PrekeyEnsemble> retrieve(XmppUser bob, Binding binding, Draft draft) throws Exception {
        return client(bob, binding).retrieve(BOBS, alicesAccount.jid(), draft);
    }

    private PrekeyClient client(XmppUser user, Binding binding) {
        return new PrekeyClient(user, XmppServer.COMPONENT, binding, random);
    }

    private XmppUser login(Account account) throws Exception {
        return XmppUser.login(server, account, "quickstart");
    }

    private static void check(boolean holds, String found) throws CheckFailedException {
        if (!holds) {
            throw new CheckFailedException(found);
        }
    }
}
