package prekeeper.trial;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jxmpp.jid.Jid;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.VerifiedEnsemble;
import prekeeper.client.smack.PrekeyBinding;
import prekeeper.client.smack.PrekeyException;
import prekeeper.client.smack.PrekeyManager;
import prekeeper.client.smack.PrekeyPublisher;
import prekeeper.client.smack.PrekeyServer;
import prekeeper.client.smack.ServerTrust;
import prekeeper.trial.Finding.Verdict;
import prekeeper.wire.CompositeIdentity;
import prekeeper.wire.Draft;
import prekeeper.wire.Fingerprint;
import prekeeper.wire.InstanceTag;

/**
 * Proves that a deployment works, as users meet it: discovery, fingerprint, devices published over each binding and in each draft,
 * their status, retrieval, that nothing is handed out twice, publications as large as clients make them, and what an archive keeps
 * of it all. Ends with the first failure that nothing can come after, and always forgets the devices that it published; they
 * would expire within a day.
 *
 * <p>Used once, by one thread.
 */
public final class Trial {
    private static final Duration LIFETIME = Duration.ofDays(1);
    /** What clients publish at first. */
    private static final int MANY = 100;

    private static final String RESOURCE = "prekeeper-try";
    /** Existing clients speak it, and servers that speak one draft speak this. */
    private static final List<Draft> DRAFTS = List.of(Draft.DEPLOYED, Draft.SPEC);

    private final TrialSettings settings;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Consumer<Finding> told;
    private final List<PrekeyDevice> published = new ArrayList<>();
    private final Set<InstanceTag> ours = new HashSet<>();
    private final AtomicInteger longest = new AtomicInteger();
    private Optional<Login> publisher = Optional.empty();
    private Optional<Login> retriever = Optional.empty();
    private Optional<PrekeyServer> server = Optional.empty();
    /** The same, as it was asked last. */
    private Optional<PrekeyServer> asked = Optional.empty();

    private boolean failed;

    /** A failure was told, and nothing can come after it. */
    private static final class Stopped extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** A part of a step. */
    private interface Work<T> {
        T run(Remarks remarks)
                throws SmackException, XMPPException, InterruptedException, PrekeyException, LoginException, Failure;
    }

    /** What a step finds while it goes well. */
    private static final class Remarks {
        private String detail = "";
        private Optional<Cause> warning = Optional.empty();
        private boolean skipped;

        void found(String what) {
            detail = what;
        }

        void warn(String why, String remedy) {
            warning = Optional.of(new Cause(why, remedy));
        }

        void skip(String why) {
            detail = why;
            skipped = true;
        }

        Verdict verdict() {
            return skipped ? Verdict.SKIPPED : warning.isPresent() ? Verdict.WARNING : Verdict.PASSED;
        }
    }

    /**
     * A trial that has not begun.
     *
     * @param clock of this machine, by which profiles expire
     * @param told hears of each step when it is done, on the thread of {@link #run}
     */
    public Trial(TrialSettings settings, InstantSource clock, SecureRandom random, Consumer<Finding> told) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.told = told;
    }

    /** Goes through all steps; says whether none failed. */
    public boolean run() throws InterruptedException {
        try {
            prove();
        } catch (Stopped afterAFailure) {
            // it was told
        } finally {
            cleanUp();
            retriever.ifPresent(Login::close);
            publisher.ifPresent(Login::close);
        }
        return !failed;
    }

    /** The prekey server, when one was found. */
    public Optional<String> server() {
        return server.map(found -> found.jid().toString());
    }

    private void prove() throws Stopped, InterruptedException {
        publisher = Optional.of(login(settings.publisher()));
        if (settings.retriever().isPresent()) {
            retriever = Optional.of(login(settings.retriever().get()));
        }
        Jid domain = settings.publisher().jid().asDomainBareJid();
        PrekeyServer found = step("find the prekey server of " + domain, this::find);
        server = Optional.of(found);
        attempt("compare clocks", remarks -> compareClocks(found, remarks));
        step("prove the key of " + found.jid(), remarks -> proveKey(found, remarks));
        for (Draft draft : DRAFTS) {
            if (speaks(found, draft)) {
                prove(found, draft);
            }
        }
        attempt("look for what the archive kept", remarks -> searchArchives(found, remarks));
        // last, since it may end the stream
        attempt("publish " + MANY + " prekey messages, as clients do", remarks -> publishMany(found, remarks));
    }

    private Login login(Account account) throws Stopped, InterruptedException {
        return step("log in as " + account, remarks -> {
            Login login = Login.open(account, settings.reach(), RESOURCE);
            login.connection()
                    .addStanzaSendingListener(
                            stanza -> longest.accumulateAndGet(stanza.toXML().length(), Math::max), stanza -> true);
            return login;
        });
    }

    private PrekeyServer find(Remarks remarks)
            throws SmackException.NotConnectedException, InterruptedException, Failure {
        ServerSearch search = new ServerSearch(
                publisher.orElseThrow().connection(),
                settings.publisher().jid().asDomainBareJid(),
                settings.expected(),
                settings.component());
        PrekeyServer found = settings.server().isPresent() ? search.findExpected() : search.findFirst();
        remarks.found(
                found.jid() + (found.bindings().contains(PrekeyBinding.IQ) ? ", by IQ and message" : ", by message"));
        return found;
    }

    private Void compareClocks(PrekeyServer found, Remarks remarks)
            throws SmackException.NotConnectedException, InterruptedException, SmackException.NoResponseException,
                    Failure {
        Clocks clocks = new Clocks(publisher.orElseThrow().connection(), clock);
        Optional<Duration> there = clocks.ahead(found.jid());
        Optional<Duration> between = clocks.ahead(settings.publisher().jid().asDomainBareJid());
        if (there.isEmpty()) {
            remarks.skip("the prekey server does not tell its time");
            return null;
        }
        String words = "the prekey server's is " + Clocks.words(there.get())
                + between.map(ahead -> ", the XMPP server's " + Clocks.words(ahead))
                        .orElse("");
        if (Clocks.isHarmful(there.get())) {
            boolean here = between.map(Clocks::isHarmful).orElse(false);
            throw new Failure(
                    "a clock is wrong, "
                            + (here ? "probably that of this machine" : "probably that of the prekey server")
                            + ": seen from here, " + words,
                    "set it right, by NTP; profiles that are valid by one clock have expired by the other");
        }
        remarks.found(words);
        return null;
    }

    private Void proveKey(PrekeyServer found, Remarks remarks)
            throws SmackException, XMPPException, InterruptedException, PrekeyException, Failure {
        AtomicReference<CompositeIdentity> proven = new AtomicReference<>();
        PrekeyDevice device = newDevice(Draft.DEPLOYED);
        long stored = publisher(found, device, identity -> {
                    proven.set(identity);
                    return true;
                })
                .status();
        device.close();
        if (stored != 0) {
            throw new Failure(
                    "the prekey server says that it has " + stored
                            + " prekey messages of a device that was made just now",
                    "its store is damaged, or it has a defect");
        }
        CompositeIdentity identity = proven.get();
        remarks.found("fingerprint " + Fingerprint.of(identity.publicKey(), Draft.DEPLOYED));
        if (found.publicKey().isPresent() && !found.publicKey().get().equals(identity.publicKey())) {
            throw new Failure(
                    "discovery shows another key than the one that was proven",
                    "two prekey servers may share the address, with different key files");
        }
        if (settings.fingerprint().isPresent()
                && !hasFingerprint(identity, settings.fingerprint().get())) {
            throw new Failure(
                    "the key has another fingerprint than the expected one: "
                            + Fingerprint.of(identity.publicKey(), Draft.DEPLOYED),
                    "if its key was changed on purpose, give the new fingerprint; if not, somebody is in between");
        }
        return null;
    }

    private static boolean hasFingerprint(CompositeIdentity identity, String expected) {
        try {
            return ServerTrust.pinned(Fingerprint.parse(expected.replace(":", "")))
                    .trusts(identity);
        } catch (IllegalArgumentException isNone) {
            return false;
        }
    }

    /** Whether a draft is spoken there; servers that announce nothing need not speak the published text. */
    private boolean speaks(PrekeyServer found, Draft draft) throws InterruptedException {
        if (found.bindings().contains(PrekeyBinding.IQ) || draft == DRAFTS.get(0)) {
            return true;
        }
        return attempt("speak draft " + draft, remarks -> {
                    try (PrekeyDevice device = newDevice(draft)) {
                        var unused = publisher(found, device, identity -> true).status();
                        return true;
                    } catch (SmackException.NoResponseException | PrekeyException e) {
                        remarks.skip("the prekey server speaks draft " + DRAFTS.get(0) + " only");
                        return false;
                    }
                })
                .orElse(false);
    }

    /**
     * Publishes a device over each binding, retrieves both over one, and nothing over another. Which one that is differs by draft,
     * so four retrievals show everything; servers let one account retrieve the prekeys of another a few times an hour.
     */
    private void prove(PrekeyServer found, Draft draft) throws Stopped, InterruptedException {
        List<PrekeyBinding> bindings = new ArrayList<>(found.bindings());
        bindings.sort(draft == Draft.DEPLOYED ? Comparator.reverseOrder() : Comparator.naturalOrder());
        Set<InstanceTag> devices = new HashSet<>();
        for (PrekeyBinding binding : bindings) {
            String how = " by " + name(binding) + ", draft " + draft;
            PrekeyPublisher there = publisher(found.over(binding), newDevice(draft), identity -> true);
            step("publish a device" + how, remarks -> {
                publish(there, 1);
                return null;
            });
            step("ask for its status" + how, remarks -> expectStored(there.status(), 1));
            devices.add(there.device().tag());
        }
        PrekeyServer first = found.over(bindings.get(0));
        step("retrieve by " + name(first.binding()) + ", draft " + draft, remarks -> {
            if (!retrieve(first, remarks).containsAll(devices)) {
                throw new Failure(
                        "what was published just now is missing in the answer",
                        "the prekey server may ask another store than it publishes to; see its log");
            }
            return null;
        });
        PrekeyServer last = found.over(bindings.get(bindings.size() - 1));
        step("get nothing twice, by " + name(last.binding()) + ", draft " + draft, remarks -> {
            if (retrieve(last, remarks).stream().anyMatch(devices::contains)) {
                throw new Failure(
                        "a prekey message was handed out twice",
                        "stop the prekey server: conversations that begin with it are not safe; please report it");
            }
            return null;
        });
        step("forget the devices, draft " + draft, remarks -> forgetAll(found, remarks));
    }

    /** The devices of the publisher that prekey messages came of. */
    private Set<InstanceTag> retrieve(PrekeyServer from, Remarks remarks)
            throws SmackException, XMPPException, InterruptedException, PrekeyException {
        Set<InstanceTag> devices;
        try {
            devices = ask(from);
        } catch (SmackException.NoResponseException silence) {
            if (server.orElse(from).bindings().contains(PrekeyBinding.IQ)) {
                var unused = ask(from.over(PrekeyBinding.IQ)); // messages tell no refusal
            }
            throw silence;
        }
        long others = devices.stream().filter(device -> !ours.contains(device)).count();
        if (others > 0) {
            remarks.warn(
                    settings.publisher() + " has other devices, and prekey messages of " + others
                            + " of them were taken",
                    "try with an account of its own");
        }
        return devices;
    }

    private Set<InstanceTag> ask(PrekeyServer from)
            throws SmackException, XMPPException, InterruptedException, PrekeyException {
        asked = Optional.of(from);
        Login asking = retriever.orElse(publisher.orElseThrow());
        return PrekeyManager.getInstanceFor(asking.connection())
                .retrieve(from, settings.publisher().jid(), InstanceTag.random(random))
                .stream()
                .map(VerifiedEnsemble::device)
                .collect(Collectors.toSet());
    }

    private Void publishMany(PrekeyServer found, Remarks remarks)
            throws SmackException, XMPPException, InterruptedException, PrekeyException, Failure {
        int count = Math.min(MANY, found.mostPrekeyMessages().orElse(MANY));
        PrekeyPublisher there = publisher(found, newDevice(Draft.DEPLOYED), identity -> true);
        longest.set(0);
        publish(there, count);
        Void unused = expectStored(there.status(), count);
        remarks.found("the longest stanza had " + String.format(Locale.ROOT, "%,d", longest.get()) + " characters");
        return null;
    }

    private void publish(PrekeyPublisher there, int count)
            throws SmackException, XMPPException, InterruptedException, PrekeyException {
        published.add(there.device()); // before: what fails may be stored all the same
        there.publish(count);
    }

    private static Void expectStored(long stored, int expected) throws Failure {
        if (stored != expected) {
            throw new Failure(
                    "the prekey server says that it has " + stored + " prekey messages, where " + expected
                            + " were published",
                    "somebody else may retrieve them at the same time; else its store is damaged");
        }
        return null;
    }

    private Void searchArchives(PrekeyServer found, Remarks remarks)
            throws SmackException, XMPPException, InterruptedException {
        Optional<List<String>> kept =
                new Archives(logins()).keep(found.jid(), clock.instant().minus(LIFETIME));
        if (kept.isEmpty()) {
            remarks.skip("the XMPP server keeps no archive (XEP-0313)");
        } else if (!kept.get().isEmpty()) {
            remarks.warn(
                    "the archive keeps handshakes and queries of the message binding (" + String.join(", ", kept.get())
                            + "), although they ask not to be stored (XEP-0334)",
                    "have the archive respect no-store, or leave out what is from and to " + found.jid()
                            + "; the IQ binding is never archived");
        } else {
            remarks.found("nothing");
        }
        return null;
    }

    private Void forgetAll(PrekeyServer found, Remarks remarks)
            throws SmackException, XMPPException, InterruptedException, PrekeyException {
        PrekeyManager manager =
                PrekeyManager.getInstanceFor(publisher.orElseThrow().connection());
        try {
            for (PrekeyDevice device : List.copyOf(published)) {
                var unused = manager.forget(found, device.tag());
                published.remove(device);
                device.close();
            }
        } catch (XMPPErrorException refused) {
            if (hasNoCommands(refused)) {
                published.clear();
                remarks.skip("the prekey server has no command for that; the devices expire within a day");
            } else {
                remarks.warn(
                        "devices of " + settings.publisher() + " are left: "
                                + diagnose(refused).why(),
                        "they expire within a day; that account's command \"Forget me\" removes them");
            }
        }
        return null;
    }

    private static boolean hasNoCommands(XMPPErrorException refused) {
        return switch (refused.getStanzaError().getCondition()) {
            case service_unavailable, feature_not_implemented, item_not_found -> true;
            default -> false;
        };
    }

    /** Forgets what is still published, over a new stream when the old one was lost. */
    private void cleanUp() throws InterruptedException {
        if (published.isEmpty() || server.isEmpty()) {
            return;
        }
        var unused = attempt("clean up", remarks -> {
            if (publisher.orElseThrow().lost().isPresent()) {
                publisher = Optional.of(Login.open(settings.publisher(), settings.reach(), RESOURCE));
            }
            return forgetAll(server.get(), remarks);
        });
    }

    private PrekeyPublisher publisher(PrekeyServer there, PrekeyDevice device, ServerTrust trust) {
        asked = Optional.of(there);
        return PrekeyManager.getInstanceFor(publisher.orElseThrow().connection())
                .publisher(there, device, (tag, nothingWorthKeeping) -> {}, trust);
    }

    private PrekeyDevice newDevice(Draft draft) {
        PrekeyDevice device = PrekeyDevice.generate(
                draft, InstanceTag.random(random), clock.instant().plus(LIFETIME), random);
        ours.add(device.tag());
        return device;
    }

    private static String name(PrekeyBinding binding) {
        return binding == PrekeyBinding.IQ ? "IQ" : "message";
    }

    /** A step that others build upon. */
    private <T> T step(String name, Work<T> work) throws Stopped, InterruptedException {
        Optional<Optional<T>> done = tell(name, work);
        if (done.isEmpty()) {
            throw new Stopped();
        }
        return done.get().orElse(null);
    }

    /** A step that others can do without; its result, when it went well and has one. */
    private <T> Optional<T> attempt(String name, Work<T> work) throws InterruptedException {
        return tell(name, work).flatMap(result -> result);
    }

    private <T> Optional<Optional<T>> tell(String name, Work<T> work) throws InterruptedException {
        Remarks remarks = new Remarks();
        long begin = System.nanoTime();
        Optional<Optional<T>> result = Optional.empty();
        Optional<Cause> cause = Optional.empty();
        try {
            result = Optional.of(Optional.ofNullable(work.run(remarks)));
            cause = remarks.warning;
        } catch (LoginException e) {
            cause = Optional.of(new Cause(e.getMessage(), e.hint()));
        } catch (Failure e) {
            cause = Optional.of(e.why());
        } catch (SmackException | XMPPException | PrekeyException | RuntimeException e) {
            cause = Optional.of(diagnose(e));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        Verdict verdict = result.isPresent() ? remarks.verdict() : Verdict.FAILED;
        failed |= verdict == Verdict.FAILED;
        told.accept(new Finding(name, verdict, took, remarks.detail, cause));
        return result;
    }

    private List<Login> logins() {
        return List.of(publisher, retriever).stream().flatMap(Optional::stream).toList();
    }

    private Cause diagnose(Exception e) {
        PrekeyServer there = asked.orElseGet(() -> PrekeyServer.at(settings.expected()));
        Optional<Login> lost =
                logins().stream().filter(login -> login.lost().isPresent()).findFirst();
        return new Diagnosis(there, settings.publisher())
                .of(e, lost.or(() -> publisher).orElseThrow(), longest.get());
    }
}
