package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.store.Together.together;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final BlockingQueue<Boolean> begun = new LinkedBlockingQueue<>();
    private final Semaphore mayEnd = new Semaphore(0);
    private volatile Exception failure;

    private final GroupCommit<String> commits = new GroupCommit<>("group-commit-test", LONGEST, anyTaking -> {
        begun.add(anyTaking);
        mayEnd.acquire();
        Exception now = failure;
        if (now != null) {
            throw now;
        }
        return "ran";
    });

    @AfterEach
    void end() {
        mayEnd.release(1_000);
        commits.close();
    }

    /** Asks on a thread of its own; returns when that waits, or has its answer. */
    private CompletableFuture<Void> asks(boolean taking) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread committer = new Thread(() -> {
            try {
                commits.await("test", taking);
                done.complete(null);
            } catch (RuntimeException failed) {
                done.completeExceptionally(failed);
            }
        });
        committer.setDaemon(true);
        committer.start();
        while (!done.isDone() && committer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return done;
    }

    private static StorageException failureOf(CompletableFuture<Void> asked) {
        CompletionException failed = assertThrows(CompletionException.class, asked::join);
        return (StorageException) failed.getCause();
    }

    @Test
    void whoAsksWhileTheActionRunsWaitsForTheNextRun() throws Exception {
        CompletableFuture<Void> first = asks(false);
        begun.take();
        CompletableFuture<Void> second = asks(false);
        CompletableFuture<Void> third = asks(false);
        mayEnd.release();
        first.join();
        begun.take();
        assertFalse(second.isDone() || third.isDone());
        mayEnd.release();
        second.join();
        third.join();
        assertTrue(begun.isEmpty(), "one run was for both");
    }

    @Test
    void theActionIsToldWhetherOneOfTheGroupTook() throws Exception {
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        asked.add(asks(false));
        assertFalse(begun.take());
        asked.add(asks(false));
        asked.add(asks(true));
        asked.add(asks(false));
        mayEnd.release();
        assertTrue(begun.take());
        asked.add(asks(false));
        mayEnd.release();
        assertFalse(begun.take());
        mayEnd.release();
        asked.forEach(CompletableFuture::join);
    }

    @Test
    void aFailureReachesAllOfItsGroupAndOnlyIt() throws Exception {
        CompletableFuture<Void> before = asks(false);
        begun.take();
        CompletableFuture<Void> first = asks(false);
        CompletableFuture<Void> second = asks(true);
        mayEnd.release();
        before.join();
        begun.take();
        CompletableFuture<Void> after = asks(false);
        failure = new SQLException("disk full; SQL statement:\nselect");
        mayEnd.release();
        StorageException told = failureOf(first);
        assertEquals("can not test: disk full", told.getMessage());
        assertEquals(failure, told.getCause());
        assertNotSame(told, failureOf(second));
        begun.take();
        failure = null;
        mayEnd.release();
        after.join();
    }

    @Test
    void anErrorIsAFailureLikeAnyOther() {
        try (GroupCommit<String> broken = new GroupCommit<>("group-commit-test", LONGEST, anyTaking -> {
            throw new StackOverflowError("deep");
        })) {
            for (int i = 0; i < 3; i++) {
                assertThrows(StorageException.class, () -> broken.await("test", false));
            }
        }
    }

    @Test
    void nobodyWaitsLongerThanTheLongestWait() throws Exception {
        Semaphore never = new Semaphore(0);
        try (GroupCommit<String> slow = new GroupCommit<>("group-commit-test", Duration.ofMillis(1), anyTaking -> {
            begun.add(anyTaking);
            never.acquire();
            return "late";
        })) {
            assertEquals(Duration.ZERO, slow.running());
            StorageException told = assertThrows(StorageException.class, () -> slow.await("test", true));
            assertTrue(told.getMessage().startsWith("can not test: the disk has not taken it"));
            begun.take();
            assertTrue(slow.running().compareTo(Duration.ZERO) > 0);
            never.release();
        }
    }

    @Test
    void whoWaitedHearsWhatTheActionTold() {
        mayEnd.release();
        assertEquals("ran", commits.await("test", false));
    }

    @Test
    void closingEndsWhatRunsAndFailsWhoWaits() throws Exception {
        CompletableFuture<Void> running = asks(false);
        begun.take();
        CompletableFuture<Void> late = asks(false);
        Future<Void> closing = closing();
        assertEquals("can not test: the store is closed", failureOf(late).getMessage());
        assertFalse(running.isDone());
        mayEnd.release();
        running.join();
        closing.get();
        assertThrows(StorageException.class, () -> commits.await("test", false));
        commits.close();
        assertTrue(begun.isEmpty());
    }

    private Future<Void> closing() {
        FutureTask<Void> closing = new FutureTask<>(commits::close, null);
        new Thread(closing).start();
        return closing;
    }

    @Test
    void anInterruptWaitsUntilTheAnswerIsThere() throws Exception {
        List<Boolean> interrupted = new ArrayList<>();
        Thread committer = new Thread(() -> {
            commits.await("test", false);
            interrupted.add(Thread.currentThread().isInterrupted());
        });
        committer.start();
        begun.take();
        committer.interrupt();
        committer.join(20);
        assertTrue(committer.isAlive());
        mayEnd.release();
        committer.join();
        assertEquals(List.of(true), interrupted);
    }

    /** Each commit is a number written down; a run makes durable what it finds at its begin. */
    @Test
    void nobodyIsReleasedBeforeARunThatBeganAfterItsCommit() throws Exception {
        int threads = 16;
        int commitsEach = 500;
        AtomicLong[] committed = new AtomicLong[threads];
        AtomicLong[] durable = new AtomicLong[threads];
        for (int i = 0; i < threads; i++) {
            committed[i] = new AtomicLong();
            durable[i] = new AtomicLong();
        }
        AtomicInteger runs = new AtomicInteger();
        try (GroupCommit<Integer> group = new GroupCommit<>("group-commit-test", LONGEST, anyTaking -> {
            for (int i = 0; i < threads; i++) {
                durable[i].set(committed[i].get());
            }
            int run = runs.incrementAndGet();
            if (run % 7 == 0) {
                throw new SQLException("every now and then");
            }
            return run;
        })) {
            together(threads, thread -> {
                for (int i = 1; i <= commitsEach; i++) {
                    committed[thread].set(i);
                    try {
                        group.await("test", thread % 2 == 0);
                    } catch (StorageException failed) {
                        continue;
                    }
                    assertEquals(i, durable[thread].get());
                }
                return true;
            });
        }
        assertTrue(runs.get() <= threads * commitsEach);
    }
}
