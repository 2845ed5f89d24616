package prekeeper.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import prekeeper.Vectors;
import prekeeper.crypto.Bytes;
import prekeeper.wire.Armour;
import prekeeper.wire.Dake1;
import prekeeper.wire.Dake2;
import prekeeper.wire.Draft;
import prekeeper.wire.ServerMessage;

/** Replays whole flows as the server: every answer comes out as in the vectors, but for the randomised ring signature. */
class VectorFlowsTest {
    private static final JsonObject GO =
            Vectors.matching("go-server.json").values().iterator().next();

    @TestFactory
    Stream<DynamicTest> everyAnswerOfAFlowIsThatOfTheVectors() {
        return Vectors.matching("flow-*.json").entrySet().stream()
                .map(file -> DynamicTest.dynamicTest(file.getKey(), () -> replay(file.getValue())));
    }

    private static void replay(JsonObject vectors) throws Exception {
        JsonObject server = vectors.getAsJsonObject("server");
        TestServer prekeeper = new TestServer(text(server, "jid"), hex(server, "symmetric_key"));
        Peer publisher = TestServer.peer(text(vectors.getAsJsonObject("publisher"), "jid"));
        for (JsonElement element : vectors.getAsJsonArray("handshakes")) {
            JsonObject handshake = element.getAsJsonObject();
            handshake(
                    prekeeper,
                    publisher,
                    hex(handshake, "server_ephemeral_symmetric_key"),
                    text(handshake, "dake1"),
                    text(handshake, "dake2"),
                    text(handshake, "dake3"),
                    text(handshake, "reply"));
        }
        JsonObject retrieval = vectors.getAsJsonObject("retrieval");
        Peer retriever = TestServer.peer("bob@example.net");
        int stored = vectors.getAsJsonArray("prekey_messages").size();
        for (int taken = 0; taken < stored; taken++) {
            String answer = prekeeper.ask(retriever, text(retrieval, "query"));
            if (taken == 0) {
                assertEquals(text(retrieval, "answer_with_first_message"), answer);
            }
            String message =
                    text(vectors.getAsJsonArray("prekey_messages").get(taken).getAsJsonObject(), "bytes");
            assertTrue(
                    Armour.decode(answer, TestServer.MOST_BYTES).toHex().endsWith(message),
                    "oldest first, whole and unchanged");
        }
        assertEquals(text(retrieval, "answer_when_empty"), prekeeper.ask(retriever, text(retrieval, "query")));
    }

    @Test
    void everyAnswerToAPublisherIsThatOfTheGoServer() throws Exception {
        TestServer prekeeper = goServer();
        for (String name : GO.getAsJsonObject("flows").keySet()) {
            goFlow(prekeeper, name);
        }
    }

    /** On a server of its own: unlike the Go server's, our answers to a publisher know what was handed out before. */
    @Test
    void everyAnswerToARetrieverIsThatOfTheGoServer() throws Exception {
        TestServer prekeeper = goServer();
        goFlow(prekeeper, "1_publication_full");
        for (JsonElement element : GO.getAsJsonArray("retrievals_after_flow_2")) {
            JsonObject retrieval = element.getAsJsonObject();
            assertEquals(
                    encoded(retrieval, "reply"),
                    prekeeper.ask(TestServer.peer(text(retrieval, "from")), encoded(retrieval, "query")),
                    text(retrieval, "what"));
        }
    }

    private static TestServer goServer() {
        JsonObject server = GO.getAsJsonObject("server");
        return new TestServer(text(server, "identity"), hex(server.getAsJsonObject("long_term"), "sym"));
    }

    private static void goFlow(TestServer prekeeper, String name) throws Exception {
        JsonObject flow = GO.getAsJsonObject("flows").getAsJsonObject(name);
        handshake(
                prekeeper,
                TestServer.peer(text(flow, "from")),
                hex(flow.getAsJsonObject("server_ephemeral_s"), "sym"),
                encoded(flow, "dake1"),
                encoded(flow, "dake2"),
                encoded(flow, "dake3"),
                encoded(flow, "reply"));
    }

    private static void handshake(
            TestServer prekeeper,
            Peer publisher,
            Bytes serverEphemeral,
            String dake1,
            String dake2,
            String dake3,
            String reply)
            throws Exception {
        prekeeper.random().next(serverEphemeral);
        Draft draft = Dake1.decode(Armour.decode(dake1, TestServer.MOST_BYTES)).draft();
        Dake2 expected = dake2(dake2, draft);
        Dake2 answered = dake2(prekeeper.ask(publisher, dake1), draft);
        assertEquals(
                new Dake2(expected.receiver(), expected.identity(), expected.ephemeral(), answered.sigma()), answered);
        assertEquals(reply, prekeeper.ask(publisher, dake3));
    }

    private static Dake2 dake2(String text, Draft draft) throws Exception {
        return assertInstanceOf(Dake2.class, ServerMessage.decode(Armour.decode(text, TestServer.MOST_BYTES), draft));
    }

    private static String encoded(JsonObject vector, String name) {
        return text(vector.getAsJsonObject(name), "encoded");
    }

    private static String text(JsonObject vector, String name) {
        return vector.get(name).getAsString();
    }

    private static Bytes hex(JsonObject vector, String name) {
        return Bytes.fromHex(text(vector, name));
    }
}
