package prekeeper.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ReconnectionManager;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.StanzaCollector;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.filter.AndFilter;
import org.jivesoftware.smack.filter.FromMatchesFilter;
import org.jivesoftware.smack.filter.StanzaIdFilter;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Nonza;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.StanzaBuilder;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.disco.ServiceDiscoveryManager;
import org.jivesoftware.smackx.disco.packet.DiscoverInfo;
import org.jivesoftware.smackx.disco.packet.DiscoverItems;
import org.jivesoftware.smackx.ping.packet.Ping;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.stringprep.XmppStringprepException;
import prekeeper.client.smack.PrekeyManager;
import prekeeper.client.smack.element.PrekeyIq;

/**
 * An account that is logged in at an {@link XmppServer}, speaking both bindings of the prekey protocol. Knows armoured
 * text only, nothing of what it says.
 *
 * <p>One request at a time: answers of the message binding carry nothing to tell them apart by.
 */
public final class XmppUser implements AutoCloseable {
    /** For answers that must come: long, for a test fails by what happens and not by how long it takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final List<String> REFUSALS = List.of(
            "malformed",
            "unsupported-version",
            "invalid",
            "expired",
            "no-handshake",
            "too-large",
            "publisher-not-allowed",
            "retry");

    static {
        // users come and go with the servers of a test; reconnecting behind its back would hide what it checks
        ReconnectionManager.setEnabledPerDefault(false);
        PrekeyManager.register();
    }

    private final XMPPTCPConnection connection;

    private XmppUser(XMPPTCPConnection connection) {
        this.connection = connection;
    }

    /** Logs {@code account} in as {@code resource}, without TLS, and announces it as present. */
    public static XmppUser login(XmppServer server, Account account, String resource) throws IOException {
        XMPPTCPConnectionConfiguration configuration = XMPPTCPConnectionConfiguration.builder()
                .setHost("127.0.0.1")
                .setPort(server.clientPort())
                .setXmppDomain(jid(account.host()).asDomainBareJid())
                .setUsernameAndPassword(account.name(), account.password())
                .setResource(jid(account.jid() + "/" + resource).getResourceOrThrow())
                .setSecurityMode(SecurityMode.disabled)
                .setConnectTimeout((int) PATIENCE.toMillis())
                .build();
        XMPPTCPConnection connection = new XMPPTCPConnection(configuration);
        connection.setReplyTimeout(PATIENCE.toMillis());
        try {
            connection.connect().login();
            return new XmppUser(connection);
        } catch (SmackException | XMPPException e) {
            connection.instantShutdown();
            throw new IOException("could not log in as " + account.jid(), e);
        } catch (InterruptedException e) {
            connection.instantShutdown();
            throw interrupted(e);
        }
    }

    /** The full JID, as text. */
    public String jid() {
        return connection.getUser().toString();
    }

    /** The bare JID, as text: what a publisher is called in the protocol. */
    public String bareJid() {
        return connection.getUser().asBareJid().toString();
    }

    /** Finds the prekey servers of {@code domain} as clients do: the items of it with the identity {@code auth/otr-prekey}. */
    public List<String> discoverPrekeyServers(String domain) {
        ServiceDiscoveryManager discovery = ServiceDiscoveryManager.getInstanceFor(connection);
        return expectAnswer("discovery of " + domain, () -> {
            List<DiscoverItems.Item> items =
                    discovery.discoverItems(jid(domain)).getItems();
            return items.stream()
                    .map(DiscoverItems.Item::getEntityID)
                    .filter(item -> firstIdentityIsPrekeyServer(discovery, item))
                    .map(Jid::toString)
                    .toList();
        });
    }

    /** The fingerprint that {@code server} shows in discovery: 112 hexadecimal digits; empty when it shows none. */
    public Optional<String> discoverFingerprint(String server) {
        ServiceDiscoveryManager discovery = ServiceDiscoveryManager.getInstanceFor(connection);
        return expectAnswer(
                "discovery of " + server,
                () -> discovery.discoverItems(jid(server)).getItems().stream()
                        .filter(item -> "fingerprint".equals(item.getNode()))
                        .map(DiscoverItems.Item::getName)
                        .findFirst());
    }

    /** Sends {@code body} in a chat message to {@code server} and waits for the body of the answer; empty when none comes. */
    public Optional<String> ask(String server, String body, Duration patience) {
        return askForStanza(server, body, patience).map(Message::getBody);
    }

    /**
     * {@link #ask(String, String, Duration)} where an answer must come.
     *
     * @throws AssertionError when none comes within a minute
     */
    public String ask(String server, String body) {
        return ask(server, body, PATIENCE)
                .orElseThrow(() -> new AssertionError(
                        "no answer by message from " + server + " within " + PATIENCE.toSeconds() + " s"));
    }

    /** The whole answer to {@code body}, for what stands beside its body; only from exactly {@code server}. */
    public Optional<Message> askForStanza(String server, String body, Duration patience) {
        AndFilter fromServer = new AndFilter(StanzaTypeFilter.MESSAGE, FromMatchesFilter.createFull(jid(server)));
        try (StanzaCollector answers = connection.createStanzaCollector(fromServer)) {
            connection.sendStanza(StanzaBuilder.buildMessage()
                    .to(jid(server))
                    .ofType(Message.Type.chat)
                    .setBody(body)
                    .build());
            return Optional.ofNullable(answers.<Message>nextResult(patience.toMillis()));
        } catch (SmackException.NotConnectedException e) {
            throw new IllegalStateException("lost the connection while talking to " + server, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Sends {@code <element xmlns='prekeeper:otrv4-prekey:0'>text</element>} in an IQ of type set and waits for what comes back. */
    public IqAnswer request(String server, String element, String text) {
        return request(server, element, Map.of(), text);
    }

    /** {@link #request(String, String, String)} with {@code attributes} on the element. */
    public IqAnswer request(String server, String element, Map<String, String> attributes, String text) {
        BindingIq iq = new BindingIq(element, attributes, text);
        iq.setType(IQ.Type.set);
        iq.setTo(jid(server));
        return expectAnswer(element + " to " + server, () -> {
            try (StanzaCollector answers = connection.createStanzaCollectorAndSend(iq)) {
                Stanza answer = answers.nextResultOrThrow();
                return answer instanceof PrekeyIq result
                        ? new IqAnswer.Result(result.getChildElementName(), result.text())
                        : new IqAnswer.Empty();
            } catch (XMPPException.XMPPErrorException e) {
                return refusal(e.getStanzaError());
            }
        });
    }

    /**
     * Sends {@code stanza} as it stands, and waits for the one that comes back with the same id.
     *
     * @param id the id in {@code stanza}
     * @throws AssertionError when none comes within a minute
     */
    public Stanza exchange(String id, String stanza) {
        return expectAnswer(stanza, () -> {
            try (StanzaCollector answers = connection.createStanzaCollector(new StanzaIdFilter(id))) {
                connection.sendNonza(new Raw(stanza));
                return answers.nextResultOrThrow();
            } catch (XMPPException.XMPPErrorException e) {
                return e.getStanza();
            }
        });
    }

    /** Sends {@code stanza} as it stands, and collects what comes from exactly {@code address} within {@code patience}. */
    public List<Stanza> provoke(String address, String stanza, Duration patience) {
        return expectAnswer(stanza, () -> {
            List<Stanza> answers = new ArrayList<>();
            long end = System.nanoTime() + patience.toNanos();
            try (StanzaCollector heard = connection.createStanzaCollector(FromMatchesFilter.createFull(jid(address)))) {
                connection.sendNonza(new Raw(stanza));
                long left;
                while ((left = Duration.ofNanos(end - System.nanoTime()).toMillis()) > 0) {
                    Stanza answer = heard.nextResult(left);
                    if (answer != null) {
                        answers.add(answer);
                    }
                }
            }
            return answers;
        });
    }

    /** Whether {@code address} answers a ping with a result; a stanza error is no. */
    public boolean pings(String address) {
        return expectAnswer("ping of " + address, () -> {
            try {
                connection.sendIqRequestAndWaitForResponse(new Ping(jid(address)));
                return true;
            } catch (XMPPException.XMPPErrorException refused) {
                return false;
            }
        });
    }

    /** For what Smack can do with it and this class does not offer. */
    XMPPTCPConnection connection() {
        return connection;
    }

    public boolean isConnected() {
        return connection.isConnected();
    }

    /** Closes the stream; the account stays. */
    @Override
    public void close() {
        connection.disconnect();
    }

    private static boolean firstIdentityIsPrekeyServer(ServiceDiscoveryManager discovery, Jid item) {
        try {
            List<DiscoverInfo.Identity> identities =
                    discovery.discoverInfo(item).getIdentities();
            return !identities.isEmpty()
                    && identities.get(0).getCategory().equals("auth")
                    && identities.get(0).getType().equals("otr-prekey");
        } catch (XMPPException.XMPPErrorException notThere) {
            return false;
        } catch (SmackException e) {
            throw new IllegalStateException("no answer to discovery from " + item, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IqAnswer refusal(StanzaError error) {
        // Smack gives no list of them, only one by its name
        Optional<String> application = REFUSALS.stream()
                .filter(name -> error.getExtension(name, BindingIq.NAMESPACE) != null)
                .findFirst();
        return new IqAnswer.Refused(
                error.getType().toString(), error.getCondition().toString(), application);
    }

    /** A stanza that Smack knows nothing of. */
    private record Raw(String xml) implements Nonza {
        @Override
        public String getElementName() {
            return "raw";
        }

        @Override
        public String getNamespace() {
            return "jabber:client";
        }

        @Override
        public CharSequence toXML(XmlEnvironment environment) {
            return xml;
        }
    }

    private interface Exchange<T> {
        T run() throws SmackException, XMPPException, InterruptedException;
    }

    private static <T> T expectAnswer(String what, Exchange<T> exchange) {
        try {
            return exchange.run();
        } catch (SmackException.NoResponseException e) {
            throw new AssertionError("no answer to " + what + " within " + PATIENCE.toSeconds() + " s", e);
        } catch (SmackException | XMPPException e) {
            throw new IllegalStateException(what + " failed", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while talking XMPP", e);
    }

    private static Jid jid(String text) {
        try {
            return JidCreate.from(text);
        } catch (XmppStringprepException e) {
            throw new UncheckedIOException(text + " is no JID", e);
        }
    }
}
