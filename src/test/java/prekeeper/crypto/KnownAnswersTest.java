package prekeeper.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import prekeeper.Vectors;

/** What the Go server computed (vectors/go-server.json), piece by piece. */
class KnownAnswersTest {
    private static final Suite SUITE = Suite.DEPLOYED;
    private static final JsonObject GO =
            Vectors.matching("go-server.json").values().iterator().next();

    @Test
    void theKdfGivesTheSameForEveryUsage() {
        JsonObject vectors = GO.getAsJsonObject("kdf_prekey_server");
        Bytes input = hex(vectors, "input");
        JsonObject outputs = vectors.getAsJsonObject("out_by_usage");
        assertEquals(KdfUsage.values().length, outputs.size());
        for (KdfUsage usage : KdfUsage.values()) {
            assertEquals(hex(outputs, String.format("%02x", usage.id())), Kdf.hash(usage, 64, input));
        }
        assertEquals(hex(vectors, "usage_17_size_132"), Kdf.hash(KdfUsage.PROOF_C_LAMBDA, 132, input));
        assertEquals(hex(vectors, "otrv4_kdf_usage_00_size_56"), Kdf.otrv4Fingerprint(input));
    }

    @Test
    void keyPairsComeFromTheirSymmetricKeys() {
        for (JsonElement element : GO.getAsJsonArray("fingerprints")) {
            JsonObject vector = element.getAsJsonObject();
            try (Ed448KeyPair pair = keyPair(vector)) {
                assertEquals(hex(vector, "point"), pair.publicKey().point().encoded());
                assertEquals(hex(vector, "scalar"), SUITE.encode(pair.secretOverBase(SUITE)));
                assertEquals(
                        hex(vector, "eddsa_signature_of_ascii_message_to_sign"),
                        pair.sign(Bytes.of("message to sign".getBytes(StandardCharsets.US_ASCII))));
            }
        }
    }

    @Test
    void theSharedSecretIsThatOfTheGoServer() {
        for (JsonObject flow : flows()) {
            try (Ed448KeyPair server = keyPair(flow.getAsJsonObject("server_ephemeral_s"));
                    Ed448KeyPair client = keyPair(flow.getAsJsonObject("client_ephemeral_i"));
                    SecretBytes ecdh = server.ecdh(SUITE, client.publicKey()).orElseThrow()) {
                assertTrue(ecdh.matches(hex(flow, "SK_ecdh").toByteArray()));
                try (SecretBytes sharedSecret = Kdf.derive(KdfUsage.SHARED_SECRET, ecdh)) {
                    assertTrue(sharedSecret.matches(hex(flow, "SK").toByteArray()));
                }
            }
        }
    }

    @Test
    void ringSignaturesOfTheGoServerVerify() {
        for (JsonObject flow : flows()) {
            for (String of : List.of("dake2_ring_signature", "dake3_ring_signature")) {
                JsonObject vector = flow.getAsJsonObject(of);
                Ring ring = Ring.of(SUITE, point(vector, "A1"), point(vector, "A2"), point(vector, "A3"))
                        .orElseThrow();
                RingSignature sigma = new RingSignature(hex(vector, "sigma"));
                assertTrue(ring.verify(sigma, hex(vector, "t")));
                assertFalse(ring.verify(sigma, hex(vector, "t").concat(Bytes.of((byte) 0))));
            }
        }
    }

    @Test
    void proofsOfTheGoServerVerify() {
        for (JsonObject flow : flows()) {
            JsonObject inner = flow.getAsJsonObject("inner");
            Bytes context = inner.has("proof_context_m") ? hex(inner, "proof_context_m") : Bytes.EMPTY;
            for (Map.Entry<String, KdfUsage> proof : Map.of(
                            "prekey_message_ecdh_proof", KdfUsage.PROOF_MESSAGE_ECDH,
                            "prekey_profile_ecdh_proof", KdfUsage.PROOF_SHARED_ECDH)
                    .entrySet()) {
                if (inner.has(proof.getKey())) {
                    JsonObject vector = inner.getAsJsonObject(proof.getKey());
                    List<ValidPoint> points = strings(vector, "public")
                            .map(hex ->
                                    ValidPoint.of(new Point(Bytes.fromHex(hex))).orElseThrow())
                            .toList();
                    assertTrue(new EcdhProof(hex(vector, "c"), hex(vector, "v"))
                            .verify(SUITE, proof.getValue(), points, context));
                }
            }
            if (inner.has("prekey_message_dh_proof")) {
                JsonObject vector = inner.getAsJsonObject("prekey_message_dh_proof");
                List<BigInteger> values = strings(vector, "public")
                        .map(hex -> new BigInteger(hex, 16))
                        .toList();
                assertTrue(new DhProof(
                                hex(vector, "c"),
                                new BigInteger(1, hex(vector, "v").toByteArray()))
                        .verify(values, context));
                assertTrue(values.stream().allMatch(DhGroup::isValid));
            }
        }
    }

    @Test
    void theDhGroupIsThatOfTheGoServer() {
        JsonObject dh = GO.getAsJsonObject("dh");
        assertEquals(DhGroup.P, new BigInteger(dh.get("p").getAsString(), 16));
        assertEquals(DhGroup.Q, new BigInteger(dh.get("q").getAsString(), 16));
        assertEquals(DhGroup.G, new BigInteger(dh.get("g3").getAsString(), 16));
    }

    private static List<JsonObject> flows() {
        List<JsonObject> flows = GO.getAsJsonObject("flows").entrySet().stream()
                .map(entry -> entry.getValue().getAsJsonObject())
                .toList();
        assertFalse(flows.isEmpty());
        return flows;
    }

    private static Ed448KeyPair keyPair(JsonObject vector) {
        try (SecretBytes symmetricKey = SecretBytes.adopt(hex(vector, "sym").toByteArray())) {
            return Ed448KeyPair.fromSymmetricKey(symmetricKey);
        }
    }

    private static ValidPoint point(JsonObject vector, String name) {
        return ValidPoint.of(new Point(hex(vector, name))).orElseThrow();
    }

    private static Bytes hex(JsonObject vector, String name) {
        return Bytes.fromHex(vector.get(name).getAsString());
    }

    private static Stream<String> strings(JsonObject vector, String name) {
        JsonElement value = vector.get(name);
        return value.isJsonArray()
                ? StreamSupport.stream(value.getAsJsonArray().spliterator(), false)
                        .map(JsonElement::getAsString)
                : Stream.of(value.getAsString());
    }
}
