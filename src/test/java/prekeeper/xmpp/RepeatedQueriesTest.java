package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import prekeeper.crypto.Bytes;
import prekeeper.service.Outcome;
import prekeeper.service.Peer;

/** docs/protocol.md, "Retrieving". */
class RepeatedQueriesTest {
    private static final Peer PHONE = new Peer("alice@example.org/phone", "alice@example.org");
    private static final Peer LAPTOP = new Peer("alice@example.org/laptop", "alice@example.org");
    private static final Peer BOB = new Peer("bob@example.org/x", "bob@example.org");
    private static final Bytes QUERY = Bytes.fromHex("000410");

    private final SetClock clock = new SetClock();
    private final RepeatedQueries queries = new RepeatedQueries(clock);
    private final AtomicInteger taken = new AtomicInteger();

    private static Outcome answer(int number) {
        return new Outcome.Reply(Bytes.of((byte) number));
    }

    private Outcome taking() {
        return answer(taken.incrementAndGet());
    }

    @Test
    void theSameAccountGetsTheSameAnswerForTenMinutes() {
        assertEquals(answer(1), queries.answer(PHONE, "id", QUERY, this::taking));
        clock.advance(Duration.ofMinutes(10).minusSeconds(1));
        assertEquals(answer(1), queries.answer(LAPTOP, "id", QUERY, this::taking));
        clock.advance(Duration.ofSeconds(1));
        assertEquals(answer(2), queries.answer(PHONE, "id", QUERY, this::taking));
    }

    @Test
    void anAnswerIsNotRepeatedOnceAProfileInItHasExpired() {
        Instant expires = clock.instant().plusSeconds(60);
        Outcome expiring = new Outcome.Reply(Bytes.EMPTY, List.of(), expires);
        assertEquals(expiring, queries.answer(PHONE, "id", QUERY, () -> expiring));
        clock.advance(Duration.ofSeconds(60).minusMillis(1));
        assertEquals(expiring, queries.answer(PHONE, "id", QUERY, this::taking));
        clock.advance(Duration.ofMillis(1));
        assertEquals(answer(1), queries.answer(PHONE, "id", QUERY, this::taking));
        clock.advance(Duration.ofMinutes(10).minusSeconds(1));
        assertEquals(answer(1), queries.answer(PHONE, "id", QUERY, this::taking));
    }

    @Test
    void anotherAccountAnotherIdAndAnotherQueryGetTheirOwn() {
        queries.answer(PHONE, "id", QUERY, this::taking);
        assertEquals(answer(2), queries.answer(BOB, "id", QUERY, this::taking));
        assertEquals(answer(3), queries.answer(PHONE, "di", QUERY, this::taking));
        assertEquals(answer(4), queries.answer(PHONE, "id", Bytes.fromHex("000411"), this::taking));
        assertEquals(answer(1), queries.answer(PHONE, "id", QUERY, this::taking));
    }

    @Test
    void onlyAnswersAreRemembered() {
        Outcome later = new Outcome.Later(Duration.ofSeconds(1));
        assertEquals(later, queries.answer(PHONE, "id", QUERY, () -> later));
        assertThrows(
                IllegalStateException.class,
                () -> queries.answer(PHONE, "id", QUERY, () -> {
                    throw new IllegalStateException("a defect");
                }));
        assertEquals(answer(1), queries.answer(PHONE, "id", QUERY, this::taking));
    }

    @Test
    void whoAsksAgainWhileTheFirstIsAtWorkWaitsForIt() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Outcome>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                answers.add(threads.submit(() -> queries.answer(PHONE, "id", QUERY, () -> {
                    await(gate);
                    return taking();
                })));
            }
            gate.countDown();
            for (Future<Outcome> answer : answers) {
                assertEquals(answer(1), answer.get(10, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theMemoryOfAnswersIsBounded() {
        Outcome large = new Outcome.Reply(Bytes.of(new byte[RepeatedQueries.MOST_BYTES / 10]));
        for (int i = 0; i < 100; i++) {
            queries.answer(PHONE, "id" + i, QUERY, () -> large);
        }
        int again = 0;
        for (int i = 0; i < 100; i++) {
            AtomicInteger asked = new AtomicInteger();
            queries.answer(PHONE, "id" + i, QUERY, () -> {
                asked.incrementAndGet();
                return new Outcome.Later(Duration.ofSeconds(1));
            });
            again += asked.get();
        }
        assertTrue(again >= 91, again + " of 100 forgotten");
    }
}
