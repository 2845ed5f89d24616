package prekeeper.trial;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.ReconnectionManager;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.XMPPException.StreamErrorException;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smack.util.TLSUtils;
import org.jxmpp.jid.EntityFullJid;
import org.jxmpp.jid.parts.Resourcepart;
import org.jxmpp.stringprep.XmppStringprepException;
import prekeeper.client.smack.PrekeyManager;

/** An account that is logged in, until it is closed or its stream ends; it does not come back by itself. Thread-safe. */
final class Login implements AutoCloseable {
    private static final Duration CONNECTING = Duration.ofSeconds(15);
    private static final Duration HEARING = Duration.ofSeconds(2);
    /** Smack says what it makes of everything; what matters reaches us as exceptions. Kept, or its level is forgotten with it. */
    private static final Logger SMACK = Logger.getLogger("org.jivesoftware");

    static {
        SMACK.setLevel(Level.OFF);
        PrekeyManager.register(); // before the first stream, which tells its limits
    }

    private final XMPPTCPConnection connection;
    private final CompletableFuture<String> lost = new CompletableFuture<>();

    private Login(XMPPTCPConnection connection) {
        this.connection = connection;
        connection.addConnectionListener(new ConnectionListener() {
            @Override
            public void connectionClosedOnError(Exception e) {
                lost.complete(describe(e));
            }

            @Override
            public void connectionClosed() {
                lost.complete("without a reason"); // or it was closed here, and nobody asks
            }
        });
    }

    /**
     * Logs in, without presence: nobody's messages are to come here.
     *
     * @param resource names this program among the account's clients
     */
    static Login open(Account account, Reach reach, String resource) throws LoginException, InterruptedException {
        XMPPTCPConnection connection = new XMPPTCPConnection(configuration(account, reach, resource));
        ReconnectionManager.getInstanceFor(connection).disableAutomaticReconnection();
        Login login = new Login(connection);
        boolean done = false;
        try {
            connection.connect().login();
            done = true;
            return login;
        } catch (SmackException | XMPPException | IOException e) {
            throw failure(account, reach, login, e);
        } finally {
            if (!done) {
                connection.instantShutdown();
            }
        }
    }

    private static XMPPTCPConnectionConfiguration configuration(Account account, Reach reach, String resource) {
        try {
            XMPPTCPConnectionConfiguration.Builder builder = XMPPTCPConnectionConfiguration.builder()
                    .setXmppDomain(account.jid().asDomainBareJid())
                    .setUsernameAndPassword(
                            account.jid().getLocalpart(),
                            new String(account.password().toByteArray(), StandardCharsets.UTF_8))
                    .setResource(Resourcepart.from(resource))
                    .setSendPresence(false)
                    .setConnectTimeout((int) CONNECTING.toMillis())
                    .setSecurityMode(reach.tls() == Reach.Tls.NONE ? SecurityMode.disabled : SecurityMode.required);
            reach.host().ifPresent(host -> builder.setHost(host).setPort(reach.port()));
            if (reach.tls() == Reach.Tls.UNCHECKED) {
                TLSUtils.acceptAllCertificates(builder);
                builder.setHostnameVerifier((name, session) -> true);
            }
            return builder.build();
        } catch (XmppStringprepException e) {
            throw new IllegalArgumentException(resource + " is no resource", e);
        }
    }

    private static LoginException failure(Account account, Reach reach, Login login, Exception e) {
        String who = "could not log in as " + account;
        if (e instanceof SASLErrorException) {
            return new LoginException(
                    who + ": the XMPP server refused the password", "check the address and the password", e);
        }
        if (e instanceof SmackException.SecurityRequiredException) {
            return new LoginException(
                    who + ": the XMPP server wants TLS, or has none",
                    "--tls says what is expected of it: required, unchecked or none",
                    e);
        }
        if (causeOf(e, CertificateException.class).isPresent()) {
            return new LoginException(
                    who + ": its certificate is not trusted here, or is for another domain",
                    "--tls unchecked takes any certificate; do that on a network of yours only",
                    e);
        }
        Optional<SSLException> disagreement = causeOf(e, SSLException.class);
        if (disagreement.isPresent()) {
            return new LoginException(
                    who + ": TLS fails (" + describe(disagreement.get()) + ")",
                    "check that the XMPP server has a certificate for "
                            + account.jid().getDomain() + "; its log may tell more",
                    e);
        }
        if (e instanceof SmackException.EndpointConnectionException) {
            String where = reach.host()
                    .map(host -> host + ":" + reach.port())
                    .orElse(account.jid().getDomain().toString());
            return new LoginException(
                    who + ": no XMPP server answers at " + where,
                    "check that it runs, or say where it listens for clients with --host and --port",
                    e);
        }
        String why = login.lost().orElse(describe(e));
        return new LoginException(who + ": " + why, "the XMPP server's log may tell more", e);
    }

    private static <T extends Throwable> Optional<T> causeOf(Throwable e, Class<T> type) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }

    /** What happened to a stream, in few words. */
    private static String describe(Exception e) {
        if (e instanceof StreamErrorException stream) {
            String condition = stream.getStreamError().getCondition().toString();
            String text = stream.getStreamError().getDescriptiveText();
            return "stream error " + condition + (text == null ? "" : " (" + text + ")");
        }
        return e.getMessage() == null
                ? e.getClass().getSimpleName()
                : e.getMessage().lines().findFirst().orElse("");
    }

    XMPPConnection connection() {
        return connection;
    }

    EntityFullJid jid() {
        return connection.getUser();
    }

    /** Why the stream ended, when it did not because this was closed; who waits for an answer may hear of it before we do. */
    Optional<String> lost() {
        if (connection.isConnected() && !lost.isDone()) {
            return Optional.empty();
        }
        try {
            return Optional.of(lost.get(HEARING.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
