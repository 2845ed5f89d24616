package prekeeper.xmpp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.dom4j.Element;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.component.Component;
import org.xmpp.component.ComponentException;
import org.xmpp.packet.IQ;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;

/**
 * Keeps a component connected to an XMPP server (XEP-0114): from {@link #start} to {@link #close} it connects, and
 * connects again whatever ends the connection. A server that is back, or a network, has us back within 10 seconds.
 *
 * <p>A server that does not notice that a connection has died goes on taking us for connected, and may refuse another with a
 * conflict. A stream that was given up for its silence is therefore kept until the server answers another, and then reset: only
 * then does the server hear of it.
 *
 * <p>The component itself runs all the time; what it sends while there is no connection is lost, like any answer to somebody who
 * has gone. One log line tells of each change, none of each attempt.
 */
public final class ComponentConnection implements ServerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ComponentConnection.class);

    private final Component component;
    private final ConnectionSettings settings;
    private final AdminNotices notices;
    private final Pace pace;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "component-connection");
    private final Thread keeper = new Thread(this::lookAfter, "component-keepalive");
    private volatile ComponentStream stream;
    private volatile boolean connected;
    private volatile long connectedAt;
    private final AtomicInteger connections = new AtomicInteger();
    /** One that went silent, while the server may not know; null when there is none. */
    private final AtomicReference<ComponentStream> silent = new AtomicReference<>();
    /** Attempts in a row that came to nothing. Of {@link #thread} alone, as is the next. */
    private int failures;
    /** Where the server was last; null before that is known. */
    private InetAddress known;
    /** What was logged last, so that nothing is logged twice; null when connected. Of {@link #thread} alone. */
    private String reported;

    /** Makes connections to a server; nothing is opened before {@link #start}. */
    public static Maker to(ConnectionSettings settings) {
        return (component, notices) -> new ComponentConnection(component, settings, notices, Pace.DEFAULT);
    }

    ComponentConnection(Component component, ConnectionSettings settings, AdminNotices notices, Pace pace) {
        this.component = component;
        this.settings = settings;
        this.notices = notices;
        this.pace = pace;
    }

    /** Starts the component and connecting, and returns at once: the XMPP server need not run yet. */
    @Override
    public void start() {
        try {
            component.initialize(settings.jid(), new StreamManager(this::send));
        } catch (ComponentException e) {
            throw new IllegalStateException("the component did not start", e);
        }
        component.start();
        thread.start();
        keeper.setDaemon(true);
        keeper.start();
    }

    @Override
    public boolean isConnected() {
        return connected;
    }

    @Override
    public String status() {
        Duration held = Duration.ofNanos(System.nanoTime() - connectedAt);
        return connected
                ? String.format(
                        "connected to %s for %d h %d min; connections since the start: %d",
                        settings.server(), held.toHours(), held.toMinutesPart(), connections.get())
                : "not connected; trying to reach " + settings.server();
    }

    /**
     * Stops: refuses new work, waits up to 5 seconds for what is in flight to be answered, ends the stream when what has come is
     * answered, and waits up to a second for the server to end it too.
     */
    @Override
    public void close() {
        if (closing.getCount() == 0) {
            return;
        }
        closing.countDown();
        component.shutdown();
        ComponentStream last = stream;
        if (last != null && connected) {
            last.end();
            await(thread, ComponentStream.FAREWELL);
        }
        resetSilent();
        if (last != null) {
            last.close();
        }
        thread.interrupt();
        await(thread, Duration.ofSeconds(2));
        resetSilent();
    }

    private static void await(Thread thread, Duration patience) {
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (closing.getCount() > 0) {
                closing.await(live().toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Connects, serves until the connection ends, and says how long to wait until the next. */
    private Duration live() {
        long since = System.nanoTime();
        ComponentStream opened = new ComponentStream(settings, pace);
        boolean freed = false;
        try {
            stream = opened;
            if (closing.getCount() == 0) {
                return Duration.ZERO; // close() may have looked before there was this stream
            }
            opened.connect(address());
            freed = resetSilent(); // there is a network again
            opened.authenticate();
            connectedAt = System.nanoTime();
            connections.incrementAndGet();
            connected = true;
            reported = null;
            LOG.info("connected to the XMPP server at {} as {}", settings.server(), settings.jid());
            notices.connected(this::send);
            opened.read(this::deliver);
            Duration pause = pauseAfter(since);
            report(true, "it ended the stream", pause);
            return pause;
        } catch (StreamErrorException e) {
            if (freed && e.condition().equals("conflict")) {
                return pace.pauseAfter(1); // with ourselves: the reset was on its way
            }
            return reportError(e.condition(), pauseAfter(since));
        } catch (IOException | RuntimeException | StackOverflowError e) {
            Duration pause = pauseAfter(since);
            report(connected, describe(e), pause);
            return pause;
        } finally {
            connected = false;
            if (opened.isUnfinished()) {
                silent.set(opened);
            } else {
                opened.close();
            }
        }
    }

    /** The pause after an attempt that began at {@code since}: a connection that held is no failure, one that ended at once is. */
    private Duration pauseAfter(long since) {
        boolean held = connected && Duration.ofNanos(System.nanoTime() - since).compareTo(pace.longest()) > 0;
        failures = held ? 1 : failures + 1;
        return pace.pauseAfter(failures);
    }

    /** The server's address. A name service that was cut off with it may deny it for some seconds more. */
    private InetAddress address() throws UnknownHostException {
        try {
            known = InetAddress.getByName(settings.host());
        } catch (UnknownHostException e) {
            if (known == null) {
                throw e;
            }
        }
        return known;
    }

    /** Lets the server know that the stream which went silent is over; says whether there was one. */
    private boolean resetSilent() {
        ComponentStream old = silent.getAndSet(null);
        if (old != null) {
            old.reset();
        }
        return old != null;
    }

    private void deliver(Element stanza) {
        try {
            switch (stanza.getName()) {
                case "iq" -> component.processPacket(new IQ(stanza));
                case "message" -> component.processPacket(new Message(stanza));
                default -> LOG.trace("not for us"); // presence: nobody subscribes to a prekey server
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("a stanza with an address that is none was dropped");
        }
    }

    /** Whether the stanza went out. */
    private boolean send(Packet packet) {
        ComponentStream current = stream;
        try {
            if (current == null || !connected) {
                throw new IOException("not connected");
            }
            current.send(packet.getElement());
            return true;
        } catch (IOException e) {
            LOG.debug("a stanza did not go out: {}", e.getMessage());
            return false;
        }
    }

    private void lookAfter() {
        while (thread.isAlive()) {
            ComponentStream current = stream;
            if (current != null && connected) {
                current.closeIfStuck();
            }
            await(thread, pace.silence().dividedBy(3));
        }
    }

    private Duration reportError(String condition, Duration pause) {
        switch (condition) {
            case "not-authorized" -> {
                error(
                        "refuses our secret",
                        "set the same component secret here, which needs a restart, and there",
                        condition,
                        pace.afterRefusal());
                return pace.afterRefusal();
            }
            case "host-unknown" -> {
                error(
                        "does not know this component",
                        "add it to the server's configuration",
                        condition,
                        pace.afterRefusal());
                return pace.afterRefusal();
            }
            case "conflict" ->
                error(
                        "has this component connected already",
                        "stop the other one; one that died goes by itself",
                        condition,
                        pause);
            default -> report(connected, "stream error " + condition, pause);
        }
        return pause;
    }

    private void error(String what, String remedy, String key, Duration pause) {
        if (isNews(key)) {
            LOG.error(
                    "the XMPP server at {} {} ({}): {}; trying again in {} s and so on",
                    settings.server(),
                    what,
                    settings.jid(),
                    remedy,
                    seconds(pause));
        }
    }

    private void report(boolean wasConnected, String reason, Duration pause) {
        if (!isNews(reason)) {
            return;
        }
        if (wasConnected) {
            LOG.warn(
                    "lost the XMPP server at {} ({}); connecting again in {} s and so on",
                    settings.server(),
                    reason,
                    seconds(pause));
        } else {
            LOG.warn(
                    "can not connect to the XMPP server at {} as {} ({}); check that it runs and that host and port are its"
                            + " component port's; trying again in {} s, later every {} s",
                    settings.server(),
                    settings.jid(),
                    reason,
                    seconds(pause),
                    seconds(pace.longest()));
        }
    }

    private boolean isNews(String what) {
        boolean news = !what.equals(reported) && closing.getCount() > 0;
        reported = what;
        return news;
    }

    /** What happened, in the words of a socket's exception; those of other exceptions may quote a stanza. */
    private static String describe(Throwable e) {
        if (e instanceof UnknownHostException) {
            return "no such host";
        }
        return e instanceof IOException && e.getMessage() != null
                ? e.getMessage()
                : e.getClass().getName();
    }

    private static String seconds(Duration pause) {
        return Long.toString(Math.max(1, Math.round(pause.toMillis() / 1000.0)));
    }
}
