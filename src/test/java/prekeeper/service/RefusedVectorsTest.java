package prekeeper.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import prekeeper.Vectors;
import prekeeper.crypto.Bytes;
import prekeeper.store.DeviceId;
import prekeeper.store.Take;
import prekeeper.wire.Armour;
import prekeeper.wire.Dake1;
import prekeeper.wire.Draft;
import prekeeper.wire.MalformedMessageException;

/** Every refused input is refused at its step, with its answer, and leaves nothing stored. */
class RefusedVectorsTest {

    @TestFactory
    Stream<DynamicTest> everyInputIsRefusedAtItsStepWithItsAnswer() {
        return Vectors.matching("refused-*.json").entrySet().stream()
                .flatMap(file -> StreamSupport.stream(
                                file.getValue().getAsJsonArray("rows").spliterator(), false)
                        .map(row -> row.getAsJsonObject())
                        .map(row -> DynamicTest.dynamicTest(
                                file.getKey() + ", " + text(row, "step") + ": " + text(row, "reason"),
                                () -> refuse(file.getValue(), row))));
    }

    private static void refuse(JsonObject vectors, JsonObject row) throws Exception {
        TestServer prekeeper =
                new TestServer(text(vectors, "server_jid"), Bytes.fromHex(text(vectors, "server_symmetric_key")));
        String account = text(vectors, "publisher_jid");
        Peer publisher = TestServer.peer(account);
        Bytes message = message(row, "message");
        if (text(row, "step").equals("dake1")) {
            assertInstanceOf(Outcome.Ignored.class, prekeeper.handle(publisher, Request.ANY, message));
            return;
        }
        prekeeper.random().next(Bytes.fromHex(text(row, "server_ephemeral_symmetric_key")));
        prekeeper.ask(publisher, text(row, "dake1"));
        Outcome outcome = prekeeper.handle(publisher, Request.ANY, message);
        if (text(row, "answer").equals("none")) {
            assertInstanceOf(Outcome.Ignored.class, outcome);
        } else {
            assertEquals(
                    text(row, "expected_reply"),
                    Armour.encode(
                            assertInstanceOf(Outcome.Failed.class, outcome).message()));
        }

        Dake1 dake1 = Dake1.decode(message(row, "dake1"));
        assertEquals(
                0,
                prekeeper
                        .store()
                        .count(
                                new DeviceId(account, dake1.sender()),
                                dake1.profile().longTermKey(),
                                prekeeper.now()));
        for (Draft draft : Draft.values()) {
            assertTrue(prekeeper
                    .store()
                    .takeEnsembles(new Take(account, draft, "4", 255, 0), prekeeper.now())
                    .isEmpty());
        }
        assertTrue(prekeeper.store().latestDraft(account, prekeeper.now()).isEmpty(), "no profile is stored");
    }

    private static Bytes message(JsonObject row, String name) throws MalformedMessageException {
        return Armour.decode(text(row, name), TestServer.MOST_BYTES);
    }

    private static String text(JsonObject vector, String name) {
        return vector.get(name).getAsString();
    }
}
