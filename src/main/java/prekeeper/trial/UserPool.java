package prekeeper.trial;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Brings requests that are due and users that are free together: each goes to a random free user, and where there is none it
 * waits in line. A user does one request at a time. Thread-safe.
 */
final class UserPool<U, R> {
    private final RandomGenerator random;
    private final List<U> free;
    private final Deque<R> waiting = new ArrayDeque<>();
    private int alive;

    UserPool(List<U> users, RandomGenerator random) {
        this.random = random;
        free = new ArrayList<>(users);
        alive = users.size();
    }

    /** Somebody who does {@code request} now; empty when it has to wait for who asks for {@link #next} one. */
    synchronized Optional<U> userFor(R request) {
        if (free.isEmpty()) {
            waiting.add(request);
            return Optional.empty();
        }
        int chosen = random.nextInt(free.size());
        U user = free.get(chosen);
        free.set(chosen, free.get(free.size() - 1));
        free.remove(free.size() - 1);
        return Optional.of(user);
    }

    /** What has waited the longest, for {@code user}, who has done another; without that the user is free. */
    synchronized Optional<R> next(U user) {
        Optional<R> request = Optional.ofNullable(waiting.poll());
        if (request.isEmpty()) {
            free.add(user);
        }
        return request;
    }

    /** Notes that somebody who was not free will not come back. */
    synchronized void lost() {
        alive--;
    }

    /** Whether somebody is left to do anything. */
    synchronized boolean isAlive() {
        return alive > 0;
    }

    /** Takes back all that waits. */
    synchronized List<R> withdraw() {
        List<R> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }
}
