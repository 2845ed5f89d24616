package prekeeper.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import prekeeper.Vectors;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.Point;
import prekeeper.crypto.SecretBytes;
import prekeeper.crypto.ValidPoint;
import prekeeper.wire.Armour;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.CompositeIdentity;
import prekeeper.wire.Draft;
import prekeeper.wire.Failure;
import prekeeper.wire.InnerMessage;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.Phi;
import prekeeper.wire.PrekeyPublication;
import prekeeper.wire.ServerMessage;
import prekeeper.wire.StorageStatus;
import prekeeper.wire.Success;

/** What both sides compute of a handshake, value by value over vectors/flow-*.json. */
class HandshakeVectorsTest {

    @TestFactory
    Stream<DynamicTest> everyHandshakeComesOutAsRecorded() {
        return Vectors.matching("flow-*.json").entrySet().stream()
                .flatMap(file -> file.getValue().getAsJsonArray("handshakes").asList().stream()
                        .map(JsonElement::getAsJsonObject)
                        .map(handshake -> DynamicTest.dynamicTest(
                                file.getKey() + ": " + text(handshake, "kind"),
                                () -> replay(file.getValue(), handshake))));
    }

    private static void replay(JsonObject flow, JsonObject handshake) throws Exception {
        JsonObject publisher = flow.getAsJsonObject("publisher");
        JsonObject server = flow.getAsJsonObject("server");
        ClientProfile profile = ClientProfile.decode(bytes(publisher, "client_profile"));
        Draft draft = profile.draft();
        CompositeIdentity identity = new CompositeIdentity(text(server, "jid"), new Point(bytes(server, "public_key")));
        assertEquals(bytes(server, "composite_identity"), identity.encode(draft));
        assertEquals(bytes(handshake, "phi"), Phi.encode(text(publisher, "jid"), text(server, "jid")));

        Point serverEphemeral = new Point(bytes(handshake, "S"));
        Transcript transcript = new Transcript(
                text(publisher, "jid"), profile, identity, new Point(bytes(handshake, "I")), serverEphemeral);
        assertEquals(bytes(handshake, "t_dake2"), transcript.ofDake2());
        assertEquals(bytes(handshake, "t_dake3"), transcript.ofDake3());

        try (SecretBytes symmetricKey = SecretBytes.adopt(
                        bytes(handshake, "client_ephemeral_symmetric_key").toByteArray());
                Ed448KeyPair ephemeral = Ed448KeyPair.fromSymmetricKey(symmetricKey);
                HandshakeKeys keys = HandshakeKeys.derive(
                        draft.suite(), ephemeral, ValidPoint.of(serverEphemeral).orElseThrow())) {
            assertEquals(bytes(handshake, "mac_key"), Bytes.of(keys.macKey().toByteArray()));
            assertEquals(bytes(handshake, "proof_context"), keys.proofContext());
            InnerMessage inner = InnerMessage.decode(bytes(handshake, "inner"), draft);
            assertMac(
                    inner.mac(),
                    inner instanceof PrekeyPublication publication
                            ? Macs.publication(keys.macKey(), publication)
                            : Macs.storageInformationRequest(keys.macKey()));
            assertAnswerMac(text(handshake, "reply"), draft, keys);
            assertAnswerMac(text(handshake, "failure_reply"), draft, keys);
        }
    }

    private static void assertAnswerMac(String armoured, Draft draft, HandshakeKeys keys)
            throws MalformedMessageException {
        ServerMessage answer = ServerMessage.decode(Armour.decode(armoured, armoured.length()), draft);
        if (answer instanceof StorageStatus status) {
            assertMac(status.mac(), Macs.storageStatus(keys.macKey(), status.receiver(), status.count()));
        } else if (answer instanceof Failure failure) {
            assertMac(failure.mac(), Macs.failure(keys.macKey(), failure.receiver()));
        } else {
            assertMac(((Success) answer).mac(), Macs.success(keys.macKey(), answer.receiver()));
        }
    }

    private static void assertMac(Bytes recorded, SecretBytes computed) {
        assertEquals(recorded, Bytes.of(computed.toByteArray()));
    }

    private static String text(JsonObject object, String name) {
        return object.get(name).getAsString();
    }

    private static Bytes bytes(JsonObject object, String name) {
        return Bytes.fromHex(text(object, name));
    }
}
