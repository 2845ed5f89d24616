package prekeeper.openfire;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prekeeper.server.RunningParts;
import prekeeper.server.Server;
import prekeeper.server.Settings;
import prekeeper.server.SetupException;
import prekeeper.server.Watcher;
import prekeeper.store.StorageException;

/**
 * A server for as long as the plugin is loaded: started, started again when settings change or when it could not start, stopped.
 * Thread-safe.
 *
 * <p>All of that happens on one thread, whose context class loader is the plugin's and which ends with it: what libraries hang
 * onto a thread must not stay on one of Openfire's.
 */
final class HostedServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostedServer.class);

    /** How long a request waits for settings to be in force: a stop answers what is in flight, for some seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration PATIENCE_OF_UNLOAD = Duration.ofSeconds(60);

    private static final Duration SETTLED = Duration.ofMillis(500);
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final OpenfireSettings settings;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "prekeeper-plugin");
        made.setDaemon(true);
        made.setContextClassLoader(HostedServer.class.getClassLoader());
        return made;
    });
    private final AtomicBoolean applying = new AtomicBoolean();
    private volatile State state = new State(Optional.empty(), List.of());

    /** What runs with which properties. Of the thread alone. */
    private RunningParts parts = new RunningParts();

    private Map<String, String> inForce = Map.of();
    /** Accounts that could not be forgotten yet. Of the thread alone. */
    private final Set<String> toForget = new HashSet<>();

    /**
     * How it stands.
     *
     * @param running empty when it is stopped or could not start
     * @param problems what is wrong, a line each; with settings that are not in force for that reason when there is one running
     */
    record State(Optional<Server> running, List<String> problems) {}

    HostedServer(OpenfireSettings settings) {
        this.settings = settings;
    }

    OpenfireSettings settings() {
        return settings;
    }

    State state() {
        return state;
    }

    /** Starts it; returns when it runs or told why it does not. */
    void start() {
        applyNow();
        var unused = thread.scheduleWithFixedDelay(this::retry, RETRY.toSeconds(), RETRY.toSeconds(), TimeUnit.SECONDS);
    }

    /** Puts changed settings in force; returns when they are, or told why not. */
    void applyNow() {
        await(thread.submit(this::apply), PATIENCE);
    }

    /** The same after a moment, once for all that is changed until then. */
    void applyLater() {
        if (!applying.getAndSet(true)) {
            var unused = thread.schedule(
                    () -> {
                        applying.set(false);
                        apply();
                    },
                    SETTLED.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Removes what is stored of an account, now or as soon as the store can. */
    void forget(String account) {
        thread.execute(() -> {
            toForget.add(account);
            forgetAll();
        });
    }

    private void retry() {
        if (state.running().isEmpty()) {
            apply();
        }
        forgetAll();
    }

    private void forgetAll() {
        state.running().ifPresent(server -> toForget.removeIf(account -> forgotten(server, account)));
    }

    private static boolean forgotten(Server server, String account) {
        try {
            int devices = server.inventory().forget(account);
            LOG.info("removed the prekeys of a deleted account: {} device(s)", devices);
            return true;
        } catch (StorageException failed) {
            LOG.debug("the prekeys of a deleted account are removed later: {}", failed.getMessage());
            return false;
        }
    }

    private void apply() {
        Map<String, String> properties = settings.properties();
        Optional<Server> running = state.running();
        if (running.isPresent() && properties.equals(inForce)) {
            problems(List.of());
            return;
        }
        try {
            Settings read = settings.read(properties);
            if (running.isPresent() && OpenfireSettings.areLimits(changed(properties))) {
                running.get().limits().change(read.limits());
            } else {
                settings.makeFolder();
                stop();
                startWith(read, OpenfireSettings.subdomain(properties));
            }
            inForce = properties;
            problems(List.of());
        } catch (SetupException wrong) {
            problems(wrong.problems());
        } catch (RuntimeException
                | LinkageError failed) { // of the store, or a defect: it must not end what tries again
            problems(List.of(failed instanceof StorageException ? failed.getMessage() : failed.toString()));
        }
    }

    private Set<String> changed(Map<String, String> properties) {
        Set<String> names = new HashSet<>(inForce.keySet());
        names.addAll(properties.keySet());
        names.removeIf(name -> Objects.equals(properties.get(name), inForce.get(name)));
        return names;
    }

    private void startWith(Settings read, String subdomain) throws SetupException {
        RunningParts started = new RunningParts();
        boolean complete = false;
        try {
            Server server = Server.start(
                    read,
                    InProcessConnection.to(subdomain),
                    Watcher.NOBODY,
                    started,
                    warning -> LOG.warn("{}", warning));
            complete = true;
            parts = started;
            state = new State(Optional.of(server), List.of());
        } finally {
            if (!complete) {
                started.close();
            }
        }
        forgetAll();
    }

    private void stop() {
        state = new State(Optional.empty(), state.problems());
        inForce = Map.of();
        parts.close();
        parts = new RunningParts();
    }

    /** Shows them, and logs what was not there before. */
    private void problems(List<String> lines) {
        lines.stream().filter(line -> !state.problems().contains(line)).forEach(line -> LOG.error("{}", line));
        state = new State(state.running(), lines);
    }

    @Override
    public void close() {
        await(thread.submit(this::stop), PATIENCE_OF_UNLOAD);
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.error("the server did not stop; restart Openfire");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(Future<?> work, Duration patience) {
        try {
            work.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("still at work after {} s", patience.toSeconds());
        } catch (ExecutionException defect) {
            LOG.error("this is a defect of the plugin, please report it:", defect.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
