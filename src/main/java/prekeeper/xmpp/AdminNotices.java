package prekeeper.xmpp;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;

/**
 * Tells administrators what they have to know even if they do not read the log: each of them in a chat message, which waits
 * while there is no connection, and all of them in the server's status. What waits when the process ends is lost to all but the
 * log. Thread-safe.
 */
public final class AdminNotices implements AutoCloseable {
    private static final int MOST_REMEMBERED = 20;
    private static final int MOST_WAITING = 1_000;

    private final JID component;
    private final List<String> administrators;
    private final InstantSource clock;
    /** Sends, one thing after the other: neither who tells, such as the store, nor who reads stanzas may wait for the network. */
    private final Executor sender;

    private final Deque<Notice> remembered = new ArrayDeque<>(); // guarded by this
    private final Deque<Message> waiting = new ArrayDeque<>(); // of the sender alone, as is the next
    private Predicate<Packet> out = stanza -> false;

    /** What was told, and when. */
    public record Notice(Instant at, String text) {}

    /**
     * Notices from the component {@code jid}.
     *
     * @param jid a prepared domain
     * @param administrators prepared bare JIDs
     */
    public AdminNotices(String jid, Collection<String> administrators, InstantSource clock) {
        this(jid, administrators, clock, ownThread());
    }

    AdminNotices(String jid, Collection<String> administrators, InstantSource clock, Executor sender) {
        this.component = new JID(jid);
        this.administrators = List.copyOf(administrators);
        this.clock = clock;
        this.sender = sender;
    }

    private static Executor ownThread() {
        ThreadPoolExecutor thread = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(),
                work -> {
                    Thread made = new Thread(work, "admin-notices");
                    made.setDaemon(true);
                    return made;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }

    /**
     * Tells all administrators, at once or when there is a connection; never waits.
     *
     * @param text a sentence: what happened, and what to do
     */
    public void tell(String text) {
        synchronized (this) {
            remembered.add(new Notice(clock.instant(), text));
            if (remembered.size() > MOST_REMEMBERED) {
                remembered.remove();
            }
        }
        sender.execute(() -> {
            administrators.forEach(administrator -> waiting.add(message(administrator, text)));
            while (waiting.size() > MOST_WAITING) {
                waiting.remove();
            }
            send();
        });
    }

    /** The last ones since the start, the oldest first. */
    public synchronized List<Notice> remembered() {
        return List.copyOf(remembered);
    }

    /**
     * There is a connection, the first or a new one; what waits goes out.
     *
     * @param connection sends a stanza, and says whether it could
     */
    public void connected(Predicate<Packet> connection) {
        sender.execute(() -> {
            out = connection;
            send();
        });
    }

    /** Sends nothing any more. */
    @Override
    public void close() {
        if (sender instanceof ExecutorService ours) {
            ours.shutdownNow();
        }
    }

    private void send() {
        while (!waiting.isEmpty() && out.test(waiting.element())) {
            waiting.remove();
        }
    }

    private Message message(String administrator, String text) {
        Message message = new Message();
        message.setType(Message.Type.chat);
        message.setFrom(component);
        message.setTo(administrator);
        message.setID(UUID.randomUUID().toString());
        message.setBody(text);
        return message;
    }
}
