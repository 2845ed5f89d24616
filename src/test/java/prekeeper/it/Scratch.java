package prekeeper.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary folder and the processes that work in it. They end together: on {@link #close()}, and also when this JVM
 * is told to end (Ctrl-C, SIGTERM).
 *
 * <p>Thread-safe.
 */
public final class Scratch implements AutoCloseable {
    private final Path folder;
    private final Deque<ChildProcess> children = new ArrayDeque<>();
    private final Thread hook = new Thread(this::end, "scratch-cleanup");
    private boolean kept;
    private boolean ended;

    private Scratch(Path folder) {
        this.folder = folder;
    }

    /** Makes an empty folder below the system's temporary one. */
    public static Scratch create() throws IOException {
        Scratch scratch = new Scratch(Files.createTempDirectory("prekeeper-"));
        Runtime.getRuntime().addShutdownHook(scratch.hook);
        return scratch;
    }

    public Path folder() {
        return folder;
    }

    /**
     * Starts {@code command} with its standard output and error in the file {@code NAME.log} of the folder, appended when
     * it is there already.
     *
     * @throws IllegalStateException when this scratch has ended, so that nothing starts behind its back
     */
    public synchronized ChildProcess start(String name, List<String> command) throws IOException {
        if (ended) {
            throw new IllegalStateException("no " + name + " is started any more: " + folder + " has ended");
        }
        ChildProcess child = ChildProcess.start(name, command, folder.resolve(name + ".log"));
        children.push(child);
        return child;
    }

    /** Whether its processes have been told to end: what fails from then on fails for that reason. */
    public synchronized boolean hasEnded() {
        return ended;
    }

    /** Leaves the folder, with its logs, where it is when everything ends. */
    public synchronized void keep() {
        kept = true;
    }

    /** Ends the processes, the last started first, and removes the folder unless it is kept. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // the hook runs or has run; end() does nothing the second time
        }
    }

    private synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        children.forEach(ChildProcess::stop);
        if (!kept) {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            // somebody else removed it: what we wanted
        } catch (IOException e) {
            throw new UncheckedIOException("could not remove " + folder, e);
        }
    }
}
