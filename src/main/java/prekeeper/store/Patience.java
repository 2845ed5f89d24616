package prekeeper.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again what a disk refused, until the disk does it: a full disk is a slow one. H2 would close its database otherwise, and
 * lose what was committed since the last force.
 *
 * <p>One for a file that was {@linkplain #register registered}, so that whoever opens the database can begin it, ask what the matter
 * is, and end it. Thread-safe.
 */
final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);

    private static final long PAUSE_NANOS = 250_000_000;

    private static final Map<Path, Patience> REGISTERED = new ConcurrentHashMap<>();

    private final Outage outage;
    private volatile boolean isPatient;
    private volatile Optional<String> trouble = Optional.empty();

    private Patience(Path file) {
        this.outage = new Outage(LOG, "writing " + file);
    }

    /** What a disk may refuse, and do when it is asked again. */
    interface Step {
        void run() throws IOException;
    }

    /** A new one, not begun yet, for the file with this {@linkplain Path#toRealPath real path}. */
    static Patience register(Path file) {
        Patience made = new Patience(file);
        REGISTERED.put(file, made);
        return made;
    }

    static void forget(Path file) {
        REGISTERED.remove(file);
    }

    /** That of the file with this real path; one that never begins when none is registered. */
    static Patience of(Path file) {
        return REGISTERED.getOrDefault(file, new Patience(file));
    }

    /** From now on what the disk refuses is tried again. */
    void begin() {
        isPatient = true;
    }

    /** From now on it fails. */
    void end() {
        isPatient = false;
    }

    /** Why the last attempt failed, which administrators were told; empty when it did not. */
    Optional<String> trouble() {
        Optional<String> now = trouble;
        if (now.isEmpty()) {
            outage.worked(); // who asks now and then has administrators told soon, where nothing is written for hours
        }
        return now;
    }

    /** Returns when {@code step} did not fail; see the other one. */
    void until(FileChannel file, Step step) throws IOException {
        until(file, step, step);
    }

    /**
     * Returns when {@code step} did not fail.
     *
     * @param file to whose end there is no use in trying
     * @param again is run in place of {@code step} from the second time on
     * @throws IOException when the disk refused it, and there is no patience, or the file was closed
     */
    void until(FileChannel file, Step step, Step again) throws IOException {
        Step next = step;
        while (true) {
            try {
                next.run();
                trouble = Optional.empty();
                outage.worked();
                return;
            } catch (IOException refused) {
                if (!isPatient || !file.isOpen()) {
                    throw refused;
                }
                String why = String.valueOf(refused.getMessage());
                trouble = Optional.of(why);
                outage.failed(
                        why + "; make room, or see to the disk: requests are refused until it takes what is written");
                next = again;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
