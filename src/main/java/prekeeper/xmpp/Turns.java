package prekeeper.xmpp;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.dom4j.Element;
import org.xmpp.packet.Packet;
import prekeeper.wire.Fragment;

/**
 * Who is served next of those that wait. Accounts take turns, so however much one asks, another waits for one piece of work of
 * each; and publications, which cost as much as a hundred handshakes, leave a thread to everything else. Thread-safe.
 */
final class Turns {
    /**
     * Most characters of text that short work has: a handshake, a status request, a query, a publication of a few prekey
     * messages. What is longer is a publication, and costs in proportion, or costs nothing.
     */
    static final int SHORT_CHARACTERS = 4_096;

    private final int threads;
    private final RoundRobin shortWork = new RoundRobin();
    private final RoundRobin longWork = new RoundRobin();
    private int running;
    private int runningLong;

    /** @param threads that do the work, at least two; long work has one of them for sure, and never the last one */
    Turns(int threads) {
        this.threads = threads;
    }

    int threads() {
        return threads;
    }

    /** Whether {@code stanza} may hold a large publication, or the fragment that completes one. */
    static boolean isLong(Packet stanza) {
        return stanza.getElement().elements().stream()
                .map(Element::getText)
                .anyMatch(text -> text.length() > SHORT_CHARACTERS || Fragment.isFragment(text));
    }

    /** How many wait. */
    synchronized int waiting() {
        return shortWork.size() + longWork.size();
    }

    /** Starts {@code work} when it is its turn: here, or in a call of {@link #end}. It must return at once. */
    synchronized void add(String account, boolean isLong, Runnable work) {
        (isLong ? longWork : shortWork).add(account, work);
        startNext();
    }

    /** One that was started is done. */
    synchronized void end(boolean isLong) {
        running--;
        runningLong -= isLong ? 1 : 0;
        startNext();
    }

    /** Forgets what waits. */
    synchronized void clear() {
        shortWork.clear();
        longWork.clear();
    }

    private void startNext() {
        while (running < threads) {
            boolean isLong = isLongNext();
            Optional<Runnable> next = (isLong ? longWork : shortWork).next();
            if (next.isEmpty()) {
                return;
            }
            running++;
            runningLong += isLong ? 1 : 0;
            next.get().run();
        }
    }

    private boolean isLongNext() {
        if (longWork.isEmpty()) {
            return false;
        }
        return runningLong == 0 || (shortWork.isEmpty() && runningLong < threads - 1);
    }

    /** What waits by account, the account whose turn is next first. */
    private static final class RoundRobin {
        private final Map<String, Queue<Runnable>> accounts = new LinkedHashMap<>();

        void add(String account, Runnable work) {
            accounts.computeIfAbsent(account, any -> new ArrayDeque<>()).add(work);
        }

        boolean isEmpty() {
            return accounts.isEmpty();
        }

        /** Each account has something that waits, and there are never more than may be in flight. */
        int size() {
            return accounts.values().stream().mapToInt(Queue::size).sum();
        }

        Optional<Runnable> next() {
            if (isEmpty()) {
                return Optional.empty();
            }
            String account = accounts.keySet().iterator().next();
            Queue<Runnable> waiting = accounts.remove(account);
            Runnable next = waiting.remove();
            if (!waiting.isEmpty()) {
                accounts.put(account, waiting); // behind the others
            }
            return Optional.of(next);
        }

        void clear() {
            accounts.clear();
        }
    }
}
