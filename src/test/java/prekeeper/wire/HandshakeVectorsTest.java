package prekeeper.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.Point;
import prekeeper.crypto.SecretBytes;
import prekeeper.crypto.ValidPoint;

/** What both sides compute of a handshake, value by value over vectors/flow-*.json. */
class HandshakeVectorsTest {

    @TestFactory
    Stream<DynamicTest> everyHandshakeComesOutAsRecorded() {
        return Stream.of(Draft.values()).flatMap(HandshakeVectorsTest::handshakes);
    }

    @Test
    void differentMacsDoNotMatch() {
        assertFalse(HandshakeKeys.matches(Bytes.fromHex("00"), Bytes.fromHex("01")));
        assertFalse(HandshakeKeys.matches(Bytes.fromHex("00"), Bytes.fromHex("0000")));
    }

    private static Stream<DynamicTest> handshakes(Draft draft) {
        JsonObject flow = flow(draft);
        return flow.getAsJsonArray("handshakes").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .map(handshake -> DynamicTest.dynamicTest(
                        draft + ": " + text(handshake, "kind"), () -> replay(draft, flow, handshake)));
    }

    private static void replay(Draft draft, JsonObject flow, JsonObject handshake) throws Exception {
        JsonObject publisher = flow.getAsJsonObject("publisher");
        JsonObject server = flow.getAsJsonObject("server");
        CompositeIdentity identity = new CompositeIdentity(text(server, "jid"), new Point(bytes(server, "public_key")));
        Bytes phi = Phi.encode(text(publisher, "jid"), text(server, "jid"));
        assertEquals(bytes(server, "composite_identity"), identity.encode(draft));
        assertEquals(bytes(handshake, "phi"), phi);

        Point serverEphemeral = new Point(bytes(handshake, "S"));
        Transcript transcript = new Transcript(
                bytes(publisher, "client_profile"),
                identity.encode(draft),
                new Point(bytes(handshake, "I")),
                serverEphemeral,
                phi);
        assertEquals(bytes(handshake, "t_dake2"), transcript.signedByServer());
        assertEquals(bytes(handshake, "t_dake3"), transcript.signedByPublisher());

        try (SecretBytes symmetricKey = SecretBytes.adopt(
                        bytes(handshake, "client_ephemeral_symmetric_key").toByteArray());
                Ed448KeyPair ephemeral = Ed448KeyPair.fromSymmetricKey(symmetricKey);
                SecretBytes shared = ephemeral
                        .ecdh(draft.suite(), ValidPoint.of(serverEphemeral).orElseThrow())
                        .orElseThrow();
                HandshakeKeys keys = HandshakeKeys.of(shared)) {
            assertEquals(bytes(handshake, "proof_context"), keys.proofContext());
            assertInnerMac(InnerMessage.decode(bytes(handshake, "inner"), draft), keys);
            assertAnswerMac(text(handshake, "reply"), draft, keys);
            assertAnswerMac(text(handshake, "failure_reply"), draft, keys);
        }
    }

    private static void assertInnerMac(InnerMessage inner, HandshakeKeys keys) {
        Bytes mac = inner instanceof PrekeyPublication publication
                ? keys.publicationMac(publication)
                : keys.storageInformationRequestMac();
        assertEquals(inner.mac(), mac);
    }

    private static void assertAnswerMac(String armoured, Draft draft, HandshakeKeys keys)
            throws MalformedMessageException {
        ServerMessage answer = ServerMessage.decode(Armour.decode(armoured, armoured.length()), draft);
        if (answer instanceof StorageStatus status) {
            assertEquals(status.mac(), keys.storageStatusMac(status.receiver(), status.count()));
        } else if (answer instanceof Failure failure) {
            assertEquals(failure.mac(), keys.failureMac(failure.receiver()));
        } else {
            assertEquals(((Success) answer).mac(), keys.successMac(answer.receiver()));
        }
    }

    private static JsonObject flow(Draft draft) {
        String name = "/vectors/flow-" + draft.name().toLowerCase(Locale.ROOT) + ".json";
        try (Reader in =
                new InputStreamReader(HandshakeVectorsTest.class.getResourceAsStream(name), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        } catch (IOException e) {
            throw new IllegalStateException("could not read " + name, e);
        }
    }

    private static String text(JsonObject object, String name) {
        return object.get(name).getAsString();
    }

    private static Bytes bytes(JsonObject object, String name) {
        return Bytes.fromHex(text(object, name));
    }
}
