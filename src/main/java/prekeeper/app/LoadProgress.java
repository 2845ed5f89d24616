package prekeeper.app;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import prekeeper.trial.Load;
import prekeeper.trial.Load.Progress;
import prekeeper.trial.Load.Stage;

/**
 * Shows how far a load is, on a thread of its own: what watches must not hold up what is watched. A bar on a terminal, else a
 * line every ten seconds.
 */
final class LoadProgress implements AutoCloseable {
    private static final long BAR_MILLIS = 250;
    private static final long LINES_MILLIS = 10_000;
    private static final int BAR_WIDTH = 100;

    private final Load load;
    private final Duration duration;
    private final PrintStream err;
    private final boolean terminal;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "load-progress");
        thread.setDaemon(true);
        return thread;
    });
    /** What {@link #bar} is of; of the ticker's thread, as that is. */
    private Stage shown;
    /** Null where nothing is drawn. */
    private ProgressBar bar;

    private LoadProgress(Load load, Duration duration, PrintStream err, boolean terminal) {
        this.load = load;
        this.duration = duration;
        this.err = err;
        this.terminal = terminal;
    }

    /**
     * Begins to show {@code load} on {@code err}.
     *
     * @param duration that it is to take
     */
    static LoadProgress show(Load load, Duration duration, PrintStream err) {
        LoadProgress progress = new LoadProgress(
                load,
                duration,
                err,
                err == System.err && Terminals.has(Terminals.ERR).orElse(false));
        long millis = progress.terminal ? BAR_MILLIS : LINES_MILLIS;
        var unused = progress.ticker.scheduleAtFixedRate(progress::tick, millis, millis, TimeUnit.MILLISECONDS);
        return progress;
    }

    private void tick() {
        Progress now = load.progress();
        if (terminal) {
            draw(now);
        } else {
            err.println(line(now));
        }
    }

    static String line(Progress now) {
        return switch (now.stage()) {
            case ARRIVING -> now.ready() + " of " + now.users() + " users are there";
            case MEASURING -> now.running().toSeconds() + " s: " + counts(now);
            case LEAVING -> "devices are being forgotten";
        };
    }

    private static String counts(Progress now) {
        return now.answered() + " answered, " + now.refused() + " refused, " + now.failed() + " failed, " + now.open()
                + " open";
    }

    private void draw(Progress now) {
        if (now.stage() != shown) {
            closeBar();
            shown = now.stage();
            bar = shown == Stage.LEAVING ? null : newBar(shown == Stage.ARRIVING ? "users" : "load");
        }
        if (bar == null) {
            return;
        }
        if (now.stage() == Stage.ARRIVING) {
            bar.maxHint(now.users());
            bar.stepTo(now.ready());
        } else {
            long all = duration.toSeconds();
            bar.maxHint(all);
            bar.stepTo(Math.min(all, now.running().toSeconds()));
            bar.setExtraMessage(counts(now));
        }
    }

    private ProgressBar newBar(String name) {
        return new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(1)
                .setStyle(ProgressBarStyle.ASCII)
                .hideEta()
                .setUpdateIntervalMillis((int) BAR_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(err, BAR_WIDTH))
                .build();
    }

    private void closeBar() {
        if (bar != null) {
            bar.close();
        }
    }

    /** Shows nothing more. */
    @Override
    public void close() {
        ticker.shutdown();
        try {
            if (!ticker.awaitTermination(1, TimeUnit.SECONDS)) {
                return; // the terminal takes nothing at the moment
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        closeBar();
    }
}
