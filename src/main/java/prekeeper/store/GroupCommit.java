package prekeeper.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Does once for many committers what each of them needs and what takes long, such as forcing a file to disk.
 *
 * <p>Who asks while nothing runs has the action run at once. Who asks while it runs may have committed too late for it, and
 * waits, with all others that come meanwhile, for it to run again. One thread runs it, which nobody interrupts.
 */
final class GroupCommit implements AutoCloseable {
    private static final long LAST_WAIT_MILLIS = TimeUnit.SECONDS.toMillis(20);

    private final Action action;
    private final Thread thread;

    /** Who asks now; replaced when the action begins for it. Guarded by this. */
    private Group gathering = new Group();

    private boolean closed;

    /** What is done for a group of committers. */
    interface Action {
        /**
         * Runs once for the group.
         *
         * @param anyTaking whether one of the group took prekey messages
         */
        void commit(boolean anyTaking) throws Exception;
    }

    /** @param name of the thread */
    GroupCommit(String name, Action action) {
        this.action = action;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Returns when the action has run, from a begin after this call to its end. A caller's interrupt waits until then.
     *
     * @param what names the work that was committed, in errors
     * @param taking whether it took prekey messages
     * @throws StorageException when the action failed for this group, or this was closed before it began
     */
    void await(String what, boolean taking) {
        try {
            join(taking).join();
        } catch (CompletionException failed) {
            throw failure(what, failed.getCause());
        }
    }

    private synchronized CompletableFuture<Void> join(boolean taking) {
        if (closed) {
            return CompletableFuture.failedFuture(new IllegalStateException("the store is closed"));
        }
        gathering.isWanted = true;
        gathering.anyTaking |= taking;
        notifyAll();
        return gathering.done;
    }

    /** A new one for each caller: many threads must not share a stack trace. */
    private static StorageException failure(String what, Throwable failed) {
        Throwable cause = Failures.sqlError(failed).map(Throwable.class::cast).orElse(failed);
        return new StorageException("can not " + what + ": " + Failures.firstLine(cause.getMessage()), cause);
    }

    private void run() {
        try {
            for (Group group = next(); group.isWanted; group = next()) {
                run(group);
            }
        } catch (InterruptedException nobodys) {
            close();
        }
    }

    private void run(Group group) {
        try {
            action.commit(group.anyTaking);
            group.done.complete(null);
        } catch (Throwable failed) { // whatever it is, the group must hear of it, and the next one gets its turn
            group.done.completeExceptionally(failed);
        }
    }

    /** The next group, or one that nobody wants when this is closed. */
    private synchronized Group next() throws InterruptedException {
        while (!gathering.isWanted && !closed) {
            wait();
        }
        Group group = gathering;
        gathering = new Group();
        return group;
    }

    /**
     * Ends the thread. An action that runs comes to its end, which is waited for for some seconds; who waits for the next one
     * fails, and so does everyone later. Closing again does nothing.
     */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            gathering.done.completeExceptionally(new IllegalStateException("the store is closed"));
            gathering = new Group();
            notifyAll();
        }
        boolean interrupted = Thread.interrupted();
        try {
            thread.join(LAST_WAIT_MILLIS);
        } catch (InterruptedException now) {
            interrupted = true; // a daemon, it ends with the process at the latest
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Committers that one run of the action is for. */
    private static final class Group {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private boolean isWanted;
        private boolean anyTaking;
    }
}
