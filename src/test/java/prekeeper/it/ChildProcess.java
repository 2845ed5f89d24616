package prekeeper.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One process and the file that its standard output and error go to. */
public final class ChildProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int TAIL_LINES = 40;

    private final String name;
    private final Process process;
    private final Path log;

    private ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    static ChildProcess start(String name, List<String> command, Path log) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        return new ChildProcess(name, process, log);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Asks the process to end (SIGTERM), and insists (SIGKILL) when it has not after ten seconds. */
    public void stop() {
        process.destroy();
        if (!ended()) {
            kill();
        }
    }

    /** Ends the process without a chance to tidy up (SIGKILL). */
    public void kill() {
        process.destroyForcibly();
        if (!ended()) {
            throw new IllegalStateException(name + " (process " + pid() + ") survived SIGKILL");
        }
    }

    /**
     * Waits until {@code ready}.
     *
     * @throws IllegalStateException when the process ends before that or {@code deadline} passes; it shows the log's end
     */
    public void await(String what, Duration deadline, BooleanSupplier ready) {
        Instant end = Instant.now().plus(deadline);
        while (!ready.getAsBoolean()) {
            if (!isAlive()) {
                throw new IllegalStateException(
                        name + " ended with status " + process.exitValue() + " before " + what + logTail());
            }
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException(
                        name + ": no " + what + " within " + deadline.toSeconds() + " s" + logTail());
            }
            pause();
        }
    }

    /**
     * Waits until the process ends by itself, and returns its exit status.
     *
     * @throws IllegalStateException when it has not within {@code deadline}; it is killed, and the log's end shown
     */
    int awaitEnd(Duration deadline) {
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
                throw new IllegalStateException(name + ": no end within " + deadline.toSeconds() + " s" + logTail());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** All that the process has printed so far, and earlier ones with the same log. */
    public String log() {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + log, e);
        }
    }

    /** Where the log is and how it ends, to be added to a sentence. */
    public String logTail() {
        List<String> lines = log().lines().toList();
        List<String> last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        return "; the end of " + log + ":\n" + String.join("\n", last);
    }

    private boolean ended() {
        boolean interrupted = false;
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                try {
                    return process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true; // a process left behind would be worse than a late interrupt
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while waiting", e);
    }
}
