package prekeeper.xmpp;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.dom4j.Element;
import org.xmpp.component.Component;
import org.xmpp.packet.IQ;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;
import prekeeper.client.Handshake;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.PublisherSession;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.SecretBytes;
import prekeeper.service.PrekeyService;
import prekeeper.service.ServerIdentity;
import prekeeper.service.Tally;
import prekeeper.store.InMemoryPrekeyStore;
import prekeeper.store.PrekeyStore;
import prekeeper.store.StorageException;
import prekeeper.wire.Armour;
import prekeeper.wire.ClientMessage;
import prekeeper.wire.Dake2;
import prekeeper.wire.Draft;
import prekeeper.wire.Fragment;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.ServerMessage;
import prekeeper.xmpp.command.Commands;
import prekeeper.xmpp.command.RunningServer;

/**
 * Plays the examples of docs/protocol.md through a whole server, the same in every run, and keeps their stanzas by name. Messages
 * are those of the vectors where these have some. Identifiers that the server makes at random are replaced.
 */
final class ExampleRun implements AutoCloseable {
    private static final String SERVER = "prekey.example.org";
    private static final String PHONE = "alice@example.org/phone";
    private static final String LAPTOP = "alice@example.org/laptop";
    private static final String BOB = "bob@example.net/laptop";
    private static final String BOBS_PHONE = "bob@example.net/phone";
    private static final String CAROL = "carol@example.net/home";
    private static final String MALLORY = "mallory@example.net/x";
    private static final String ADMIN = "admin@example.org/office";

    private static final String DISCO_INFO = "http://jabber.org/protocol/disco#info";
    private static final String DISCO_ITEMS = "http://jabber.org/protocol/disco#items";

    private static final Pattern RANDOM_ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final JsonObject flow = vectors("flow-spec.json");
    private final JsonObject refused = vectors("refused-spec.json");
    private final FixedRandom random = new FixedRandom(1);
    private final SetClock clock = new SetClock();
    private final InMemoryPrekeyStore store = new InMemoryPrekeyStore();
    private boolean storeIsDown;
    private final Component component;
    private final SentPackets sent;

    private final Map<String, List<Element>> examples = new LinkedHashMap<>();
    private final Map<String, String> randomIds = new HashMap<>();

    private ExampleRun() throws Exception {
        Ed448KeyPair longTerm = Ed448KeyPair.fromSymmetricKey(
                SecretBytes.adopt(Bytes.fromHex(text(flow.getAsJsonObject("server"), "symmetric_key"))
                        .toByteArray()));
        LiveLimits limits = new LiveLimits(Limits.DEFAULT);
        BlockedPeers blocked = new BlockedPeers(store.blockList(), clock);
        Tally service = new Tally(new PrekeyService(
                new ServerIdentity(SERVER, longTerm),
                storeThatCanBeDown(),
                new TinderAccounts(),
                new AccessRules(
                        new DomainPolicy(DomainList.of("example.org"), DomainList.of("*")), blocked, limits, clock),
                limits::stock,
                clock,
                random));
        ServerDescription description = ServerDescription.of(
                SERVER,
                longTerm.publicKey().point(),
                "1.0.0",
                ClientMessage.MOST_BYTES,
                Map.of(
                        ContactKind.ABUSE, List.of("mailto:abuse@example.org", "xmpp:admin@example.org"),
                        ContactKind.SECURITY, List.of("mailto:security@example.org")));
        Commands commands = new Commands(
                Set.of("admin@example.org"),
                new RunningServer(description, () -> Duration.ZERO, () -> "connected", List::of),
                service,
                store.inventory(),
                blocked,
                limits,
                clock,
                Optional.empty());
        component = PrekeyComponent.create(service, description, limits, commands.administration(), clock);
        sent = new SentPackets(component);
    }

    /** The stanzas of each example, in the order in which they went over the wire; those to the server first. */
    static Map<String, List<Element>> play() throws Exception {
        try (ExampleRun run = new ExampleRun()) {
            run.discovery();
            run.publications();
            run.retrievals();
            run.errors();
            run.messageBinding();
            run.commands();
            run.stop();
            return run.examples;
        }
    }

    private void discovery() throws Exception {
        ask("discovery-info", PHONE, "get", "<query xmlns='" + DISCO_INFO + "'/>");
        ask("discovery-items", PHONE, "get", "<query xmlns='" + DISCO_ITEMS + "'/>");
        ask("discovery-fingerprint", PHONE, "get", "<query xmlns='" + DISCO_INFO + "' node='fingerprint'/>");
        ask(
                "discovery-commands",
                PHONE,
                "get",
                "<query xmlns='" + DISCO_ITEMS + "' node='" + AdHocCommands.NAMESPACE + "'/>");
        ask("error-item-not-found", PHONE, "get", "<query xmlns='" + DISCO_INFO + "' node='nothing'/>");
    }

    private void publications() throws Exception {
        JsonObject everything = handshake(0);
        dake("dake", everything);
        ask("publish", PHONE, "set", element("publish", text(everything, "dake3")));

        JsonObject status = handshake(4);
        dake("", status);
        ask("status", PHONE, "set", element("status", text(status, "dake3")));

        JsonObject profile = handshake(2);
        dake("", profile);
        ask("publish-failure", PHONE, "set", element("publish", withWrongMac(text(profile, "dake3"))));

        JsonObject messages = handshake(1);
        dake("", messages);
        int tag = Integer.parseUnsignedInt(text(flow.getAsJsonObject("publisher"), "instance_tag"));
        for (String fragment : Fragment.split(text(messages, "dake3"), 0x5eed0001, tag, 0, 1200)) {
            ask("fragments", PHONE, "set", element("publish", fragment));
        }
    }

    private void retrievals() throws Exception {
        String query = text(flow.getAsJsonObject("retrieval"), "query");
        String withId = element("query id='4dc0f1a3b2e94d4c'", query);
        send("query", iq("query", BOB, "set", withId));
        record("low-stock", sent.next());
        record("query", sent.next());
        ask("query-repeated", BOBS_PHONE, "set", withId);
        int stored = flow.getAsJsonArray("prekey_messages").size();
        for (int taken = 1; taken < stored; taken++) {
            ask("", BOB, "set", element("query", query));
        }
        ask("query-empty", BOB, "set", element("query", query));
        for (int asked = stored + 1;
                asked < RateLimit.RETRIEVALS_BY_REQUESTER_AND_TARGET.byDefault().burst();
                asked++) {
            ask("", BOB, "set", element("query", query));
        }
        ask("error-retry", BOB, "set", element("query", query));
    }

    private void errors() throws Exception {
        ask("error-malformed", PHONE, "set", element("dake", refused("truncated by one byte")));
        ask("error-unsupported-version", PHONE, "set", element("dake", refused("version 5 is not known")));
        ask("error-invalid", PHONE, "set", element("dake", refused("client profile signature broken")));
        ask("error-expired", PHONE, "set", element("dake", refused("client profile expired")));
        ask("error-no-handshake", PHONE, "set", element("publish", text(handshake(0), "dake3")));
        ask(
                "error-too-large",
                PHONE,
                "set",
                element("publish", "A".repeat(4 * (ClientMessage.MOST_BYTES / 3) + 4) + "."));
        ask("error-publisher-not-allowed", BOB, "set", element("dake", text(handshake(0), "dake1")));
        for (int open = 0; open < Reassembly.MOST_OPEN_OF_ACCOUNT; open++) {
            ask("", CAROL, "set", element("query", new Fragment(open, 0, 0, 1, 2, "AAQQ").encode()));
        }
        ask("error-no-room", CAROL, "set", element("query", new Fragment(8, 0, 0, 1, 2, "AAQQ").encode()));
        ask("", CAROL, "set", element("query", new Fragment(0, 0, 0, 2, 3, "sLAA").encode()));
        ask("error-jid-malformed", "bob smith@example.net/x", "set", element("query", "AAQQ."));
        ask("error-bad-request", PHONE, "set", element("query", "AAQQ.") + element("query", "AAQQ."));
        ask("error-service-unavailable", PHONE, "get", element("query", "AAQQ."));
        storeIsDown = true;
        ask("error-store", CAROL, "set", element("query", text(flow.getAsJsonObject("retrieval"), "query")));
        storeIsDown = false;
    }

    private void messageBinding() throws Exception {
        JsonObject profile = handshake(3);
        random.next(Bytes.fromHex(text(profile, "server_ephemeral_symmetric_key")));
        say("message-binding", PHONE, text(profile, "dake1"));
        say("message-binding", PHONE, text(profile, "dake3"));
        say("message-query", CAROL, text(flow.getAsJsonObject("retrieval"), "query"));
    }

    private void commands() throws Exception {
        publishFromLaptop();
        command("command-devices", PHONE, "prekeeper:user#devices");

        submit("command-forget-device", PHONE, "prekeeper:user#forget-device", "devices", "0a0b0c0d");
        submit("command-forget-me", PHONE, "prekeeper:user#forget", "confirm", "1");

        submit("command-block", ADMIN, "prekeeper:admin#block", "addresses", "mallory@example.net");
        ask("error-forbidden", MALLORY, "set", element("query", text(flow.getAsJsonObject("retrieval"), "query")));
    }

    /** A device that the vectors do not have. */
    private void publishFromLaptop() throws Exception {
        FixedRandom secrets = new FixedRandom(2);
        PrekeyDevice device = PrekeyDevice.generate(
                Draft.DEPLOYED, new InstanceTag(0x0a0b0c0d), Instant.parse("2026-01-15T00:00:00Z"), secrets);
        Handshake handshake = Handshake.begin(device, "alice@example.org", SERVER, secrets);
        Element dake2 = ask(
                "",
                LAPTOP,
                "set",
                element("dake", Armour.encode(handshake.dake1().encode())));
        PublisherSession session = handshake.accept((Dake2)
                ServerMessage.decode(Armour.decode(dake2.getStringValue(), ClientMessage.MOST_BYTES), Draft.DEPLOYED));
        String publication = Armour.encode(
                session.publish(device.newPrekeyMessages(12, secrets)).encode());
        ask("", LAPTOP, "set", element("publish", publication));
    }

    private void stop() throws Exception {
        component.shutdown();
        ask("error-busy", PHONE, "set", element("dake", text(handshake(0), "dake1")));
    }

    private void dake(String example, JsonObject handshake) throws Exception {
        random.next(Bytes.fromHex(text(handshake, "server_ephemeral_symmetric_key")));
        ask(example, PHONE, "set", element("dake", text(handshake, "dake1")));
    }

    private Element command(String example, String from, String node) throws Exception {
        return ask(
                example,
                from,
                "set",
                "<command xmlns='" + AdHocCommands.NAMESPACE + "' node='" + node + "' action='execute'/>");
    }

    private void submit(String example, String from, String node, String field, String value) throws Exception {
        String id = command(example, from, node).element("command").attributeValue("sessionid");
        ask(
                example,
                from,
                "set",
                "<command xmlns='" + AdHocCommands.NAMESPACE + "' node='" + node + "' sessionid='" + id
                        + "' action='complete'><x xmlns='jabber:x:data' type='submit'><field var='" + field
                        + "'><value>" + value + "</value></field></x></command>");
    }

    /** Sends a request, and keeps it and its answer unless {@code example} is empty. */
    private Element ask(String example, String from, String type, String child) throws Exception {
        send(example, iq(example, from, type, child));
        Packet answer = sent.next();
        record(example, answer);
        return answer.getElement();
    }

    private void say(String example, String from, String body) throws Exception {
        send(
                example,
                new Message(Stanzas.parse("<message type='chat' id='" + id(example) + "' from='" + from + "' to='"
                        + SERVER + "'><body>" + body + "</body></message>")));
        record(example, sent.next());
    }

    private void send(String example, Packet stanza) {
        record(example, stanza);
        component.processPacket(stanza);
    }

    private IQ iq(String example, String from, String type, String child) {
        return new IQ(Stanzas.parse("<iq type='" + type + "' id='" + id(example) + "' from='" + from + "' to='" + SERVER
                + "'>" + child + "</iq>"));
    }

    /** The name of the example, and which request in it this is when it has several. */
    private String id(String example) {
        int before = examples.getOrDefault(example, List.of()).size();
        return before == 0 ? example : example + "-" + (before / 2 + 1);
    }

    private void record(String example, Packet stanza) {
        if (example.isEmpty()) {
            return;
        }
        List<Element> stanzas = examples.computeIfAbsent(example, name -> new ArrayList<>());
        // written and read again: what counts is what goes over the wire
        stanzas.add(Stanzas.parse(RANDOM_ID
                .matcher(stanza.toXML())
                .replaceAll(found -> randomIds.computeIfAbsent(
                        found.group(), any -> sameInEveryRun(example + " " + stanzas.size())))));
    }

    private static String sameInEveryRun(String what) {
        return UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static String element(String nameAndAttributes, String text) {
        String name = nameAndAttributes.split(" ", 2)[0];
        return "<" + nameAndAttributes + " xmlns='" + IqBinding.NAMESPACE + "'>" + text + "</" + name + ">";
    }

    private static String withWrongMac(String dake3) throws Exception {
        byte[] bytes = Armour.decode(dake3, ClientMessage.MOST_BYTES).toByteArray();
        bytes[bytes.length - 1] ^= 1; // the MAC is last in the inner message, and that in a DAKE-3
        return Armour.encode(Bytes.of(bytes));
    }

    private PrekeyStore storeThatCanBeDown() {
        return (PrekeyStore) Proxy.newProxyInstance(
                PrekeyStore.class.getClassLoader(), new Class<?>[] {PrekeyStore.class}, (proxy, method, arguments) -> {
                    if (storeIsDown) {
                        throw new StorageException("the store is down", new IOException());
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private JsonObject handshake(int number) {
        return flow.getAsJsonArray("handshakes").get(number).getAsJsonObject();
    }

    private String refused(String reason) {
        for (var row : refused.getAsJsonArray("rows")) {
            if (text(row.getAsJsonObject(), "reason").equals(reason)) {
                return text(row.getAsJsonObject(), "message");
            }
        }
        throw new AssertionError("no vector is refused because of: " + reason);
    }

    /** Always the vectors of the source tree: the page shows these. */
    private static JsonObject vectors(String file) throws IOException {
        try (Reader in = new InputStreamReader(
                ExampleRun.class.getResourceAsStream("/vectors/" + file), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        }
    }

    private static String text(JsonObject vector, String name) {
        return vector.get(name).getAsString();
    }

    @Override
    public void close() {
        component.shutdown();
    }
}
