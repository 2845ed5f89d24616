package prekeeper.client.smack;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.SmackException.NoResponseException;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jxmpp.jid.Jid;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.smack.PrekeyException.Reason;
import prekeeper.client.smack.element.LowStock;
import prekeeper.client.smack.element.PrekeyIq;

/**
 * Keeps the stock of prekey messages of one device up (docs/protocol.md, "Business rules", At login and On low stock). Asks for
 * the status now, at every login, and when the server says that stock is low; below {@link #LOW_MARK} it publishes what is
 * missing to {@link #TARGET}, with both profiles when the server has nothing.
 *
 * <p>After an error it waits as long as the server says, or a minute and twice as long each time, at most an hour. After a key
 * that is not trusted it waits for the next login. Works on a thread of its own, and logs what failed to
 * {@code java.util.logging}, as Smack does.
 *
 * <p>At half of their lifetime profiles are signed anew and published: who stays offline for less than that can be written to.
 */
public final class StockKeeper implements AutoCloseable {
    /** Fewer stored prekey messages than that are too few. */
    public static final int LOW_MARK = 20;
    /** So many there are after a publication, unless the server takes fewer. */
    public static final int TARGET = 100;

    private static final Logger LOGGER = Logger.getLogger(StockKeeper.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    /** What was sent again may be stored already, and then another publication is due; no server needs a third. */
    private static final int MOST_PUBLICATIONS = 3;

    private final PrekeyManager manager;
    private final XMPPConnection connection;
    private final PrekeyPublisher publisher;
    private final Duration mostJitter;
    private final Duration lifetime;
    private final SecureRandom random;
    private final InstantSource clock;
    private final ScheduledExecutorService worker;
    private final LowStockListener onLowStock = this::lowStock;
    private final ConnectionListener onLogin = new ConnectionListener() {
        @Override
        public void authenticated(XMPPConnection connection, boolean resumed) {
            if (!resumed) {
                ask(jitter());
            }
        }
    };
    /** What waits for its time; null when nothing does. */
    private ScheduledFuture<?> due;
    /** Of the worker's thread only. */
    private Duration pause = FIRST_PAUSE;

    private StockKeeper(
            PrekeyManager manager,
            XMPPConnection connection,
            PrekeyPublisher publisher,
            Duration mostJitter,
            Duration lifetime,
            SecureRandom random,
            InstantSource clock) {
        this.manager = manager;
        this.connection = connection;
        this.publisher = publisher;
        this.mostJitter = mostJitter;
        this.lifetime = lifetime;
        this.random = random;
        this.clock = clock;
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread =
                    new Thread(task, "prekey stock of " + publisher.device().tag());
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        worker = executor;
    }

    static StockKeeper start(
            PrekeyManager manager,
            XMPPConnection connection,
            PrekeyPublisher publisher,
            Duration mostJitter,
            Duration lifetime,
            SecureRandom random,
            InstantSource clock) {
        StockKeeper keeper = new StockKeeper(manager, connection, publisher, mostJitter, lifetime, random, clock);
        manager.addLowStockListener(keeper.onLowStock);
        connection.addConnectionListener(keeper.onLogin);
        if (connection.isAuthenticated()) {
            keeper.ask(keeper.jitter());
        }
        return keeper;
    }

    /** Stops it for good, and interrupts a publication that is under way; that can be repeated as any other. */
    @Override
    public void close() {
        manager.removeLowStockListener(onLowStock);
        connection.removeConnectionListener(onLogin);
        worker.shutdownNow();
    }

    private void lowStock(Jid from, LowStock low) {
        if (from.equals(publisher.server().jid())
                && low.device().equals(Optional.of(publisher.device().tag()))) {
            ask(jitter());
        }
    }

    /** Asks in so long, or before when that is due anyway. */
    private synchronized void ask(Duration in) {
        if (due != null && due.getDelay(TimeUnit.MILLISECONDS) <= in.toMillis()) {
            return;
        }
        if (due != null) {
            due.cancel(false);
        }
        try {
            due = worker.schedule(this::refill, in.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "stopped while a question was due", e);
        }
    }

    /** What comes from now on is due again, since the answers of this question may not tell of it. */
    private synchronized void begin() {
        due = null;
    }

    private void refill() {
        begin();
        try {
            renewProfiles();
            int target =
                    Math.min(TARGET, publisher.server().mostPrekeyMessages().orElse(TARGET));
            for (int published = 0; published < MOST_PUBLICATIONS; published++) {
                int missing = missing(publisher.status(), target);
                boolean profiles = missing == target || !publisher.device().profilesPublished();
                if (missing == 0 && !profiles) {
                    break;
                }
                if (profiles) {
                    publisher.publish(missing);
                } else {
                    publisher.publishMore(missing);
                }
            }
            pause = FIRST_PAUSE;
            ask(untilRenewal());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopped
        } catch (NotConnectedException e) {
            LOGGER.log(Level.FINE, "not connected; the next login asks again", e);
        } catch (XMPPErrorException e) {
            failed(e, retryAfter(e).orElse(pause));
        } catch (NoResponseException e) {
            failed(e, pause);
        } catch (PrekeyException e) {
            if (e.reason() == Reason.UNTRUSTED) {
                LOGGER.log(Level.WARNING, "published nothing", e);
            } else {
                failed(e, pause);
            }
        } catch (RuntimeException e) {
            // such as the application's store: without this the executor would swallow it
            failed(e, pause);
        }
    }

    /** What is renewed is kept by whoever publishes it. */
    private void renewProfiles() {
        if (untilRenewal().isZero()) {
            publisher.device().renewProfiles(clock.instant().plus(lifetime));
        }
    }

    private Duration untilRenewal() {
        PrekeyDevice device = publisher.device();
        Instant client = device.clientProfile().expires();
        Instant prekey = device.prekeyProfile().expires();
        Instant expires = client.isBefore(prekey) ? client : prekey;
        Duration left = Duration.between(clock.instant(), expires.minus(lifetime.dividedBy(2)));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** How many to publish where {@code stored} are. */
    static int missing(long stored, int target) {
        return stored < Math.min(LOW_MARK, target) ? (int) (target - stored) : 0;
    }

    private void failed(Exception why, Duration wait) {
        LOGGER.log(Level.WARNING, "could not keep the stock up, next time in " + wait.toSeconds() + " s", why);
        ask(wait.plus(jitter(wait.dividedBy(10))));
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    /** What the server asks for in {@code <retry seconds='…'/>}, at most an hour. */
    static Optional<Duration> retryAfter(XMPPErrorException refused) {
        ExtensionElement retry = refused.getStanzaError().getExtension("retry", PrekeyIq.NAMESPACE);
        if (!(retry instanceof StandardExtensionElement element)) {
            return Optional.empty();
        }
        String seconds = element.getAttributeValue("seconds");
        if (seconds == null || !seconds.matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(seconds));
        return Optional.of(asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked);
    }

    private Duration jitter() {
        return jitter(mostJitter);
    }

    private Duration jitter(Duration most) {
        return Duration.ofMillis((long) (random.nextDouble() * most.toMillis()));
    }
}
