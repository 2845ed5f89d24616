package prekeeper.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UserPoolTest {
    @Test
    void nobodyHasTwoRequestsAtATime() {
        UserPool<String, Integer> pool = pool("alice", "bob", "carol");
        Set<String> busy = new HashSet<>();
        for (int request = 0; request < 3; request++) {
            assertTrue(busy.add(pool.userFor(request).orElseThrow()));
        }
        assertEquals(Optional.empty(), pool.userFor(3));
    }

    @Test
    void whatHasWaitedTheLongestComesNext() {
        UserPool<String, Integer> pool = pool("alice");
        assertEquals(Optional.of("alice"), pool.userFor(0));
        assertEquals(Optional.empty(), pool.userFor(1));
        assertEquals(Optional.empty(), pool.userFor(2));
        assertEquals(Optional.of(1), pool.next("alice"));
        assertEquals(Optional.empty(), pool.userFor(3));
        assertEquals(Optional.of(2), pool.next("alice"));
        assertEquals(Optional.of(3), pool.next("alice"));
        assertEquals(Optional.empty(), pool.next("alice"));
        assertEquals(Optional.of("alice"), pool.userFor(4));
    }

    @Test
    void everybodyIsChosenAsOften() {
        UserPool<String, Integer> pool = pool("alice", "bob", "carol", "dave");
        int alices = 0;
        for (int request = 0; request < 4000; request++) {
            String user = pool.userFor(request).orElseThrow();
            alices += user.equals("alice") ? 1 : 0;
            assertEquals(Optional.empty(), pool.next(user));
        }
        assertEquals(1000, alices, 150);
    }

    @Test
    void itIsAliveUntilTheLastUserIsLost() {
        UserPool<String, Integer> pool = pool("alice", "bob");
        for (int request = 0; request < 4; request++) {
            var unused = pool.userFor(request);
        }
        pool.lost();
        assertTrue(pool.isAlive());
        pool.lost();
        assertFalse(pool.isAlive());
        assertEquals(List.of(2, 3), pool.withdraw());
        assertEquals(List.of(), pool.withdraw());
    }

    private static UserPool<String, Integer> pool(String... users) {
        return new UserPool<>(List.of(users), new Random(4));
    }
}
