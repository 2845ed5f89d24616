package prekeeper.wire;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import prekeeper.Vectors;
import prekeeper.crypto.Bytes;

/**
 * A valid encoding from the vectors, and how to decode and encode it again.
 *
 * @param name the file and what it is there
 */
record Sample(String name, Bytes encoded, Codec codec) {
    private static final int MOST_BYTES = 1 << 20;

    /** Decodes and encodes. */
    @FunctionalInterface
    interface Codec {
        Bytes again(Bytes encoded) throws MalformedMessageException;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Every message, profile and prekey message of all vectors. */
    static List<Sample> all() {
        List<Sample> samples = new ArrayList<>();
        Vectors.matching("flow-*.json").forEach((file, flow) -> addFlow(samples, file, flow));
        Vectors.matching("go-server.json").forEach((file, flow) -> addGoServer(samples, file, flow));
        return samples;
    }

    static Bytes hex(JsonObject object, String name) {
        return Bytes.fromHex(object.get(name).getAsString());
    }

    static Bytes armoured(JsonObject object, String name) {
        try {
            return Armour.decode(object.get(name).getAsString(), MOST_BYTES);
        } catch (MalformedMessageException e) {
            throw new AssertionError(name, e);
        }
    }

    private static void addFlow(List<Sample> samples, String file, JsonObject flow) {
        Draft draft = Draft.valueOf(flow.get("draft").getAsString().toUpperCase(Locale.ROOT));
        JsonObject publisher = flow.getAsJsonObject("publisher");
        samples.add(clientProfile(file, hex(publisher, "client_profile")));
        samples.add(prekeyProfile(file, hex(publisher, "prekey_profile"), draft));
        for (JsonElement message : flow.getAsJsonArray("prekey_messages")) {
            samples.add(prekeyMessage(file, hex(message.getAsJsonObject(), "bytes")));
        }
        for (JsonElement element : flow.getAsJsonArray("handshakes")) {
            JsonObject handshake = element.getAsJsonObject();
            String name = file + ", " + handshake.get("kind").getAsString();
            samples.add(dake1(name, armoured(handshake, "dake1")));
            samples.add(answer(name + ", dake2", armoured(handshake, "dake2"), draft));
            samples.add(dake3(name, armoured(handshake, "dake3"), draft));
            samples.add(inner(name, hex(handshake, "inner"), draft));
            samples.add(answer(name + ", reply", armoured(handshake, "reply"), draft));
            samples.add(answer(name + ", failure", armoured(handshake, "failure_reply"), draft));
        }
        JsonObject retrieval = flow.getAsJsonObject("retrieval");
        samples.add(query(file, armoured(retrieval, "query")));
        samples.add(answer(file + ", ensembles", armoured(retrieval, "answer_with_first_message"), draft));
        samples.add(answer(file + ", no ensembles", armoured(retrieval, "answer_when_empty"), draft));
    }

    private static void addGoServer(List<Sample> samples, String file, JsonObject vectors) {
        samples.add(clientProfile(file, hex(vectors.getAsJsonObject("client"), "client_profile")));
        samples.add(prekeyProfile(file, hex(vectors.getAsJsonObject("prekey_profile"), "serialized"), Draft.DEPLOYED));
        for (JsonElement message : vectors.getAsJsonArray("prekey_messages")) {
            samples.add(prekeyMessage(file, hex(message.getAsJsonObject(), "serialized")));
        }
        for (Map.Entry<String, JsonElement> entry :
                vectors.getAsJsonObject("flows").entrySet()) {
            JsonObject flow = entry.getValue().getAsJsonObject();
            String name = file + ", " + entry.getKey();
            samples.add(dake1(name, twice(flow, "dake1")));
            samples.add(answer(name + ", dake2", twice(flow, "dake2"), Draft.DEPLOYED));
            samples.add(dake3(name, twice(flow, "dake3"), Draft.DEPLOYED));
            samples.add(inner(name, hex(flow.getAsJsonObject("inner"), "message"), Draft.DEPLOYED));
            samples.add(answer(name + ", reply", twice(flow, "reply"), Draft.DEPLOYED));
            if (flow.has("failure_message_for_same_session")) {
                samples.add(
                        answer(name + ", failure", twice(flow, "failure_message_for_same_session"), Draft.DEPLOYED));
            }
        }
        for (JsonElement element : vectors.getAsJsonArray("retrievals_after_flow_2")) {
            JsonObject retrieval = element.getAsJsonObject();
            String name = file + ", " + retrieval.get("what").getAsString();
            samples.add(query(name, twice(retrieval, "query")));
            samples.add(answer(name, twice(retrieval, "reply"), Draft.DEPLOYED));
        }
    }

    /** The Go server's vectors give a message in hexadecimal and armoured: both must say the same. */
    private static Bytes twice(JsonObject object, String name) {
        JsonObject message = object.getAsJsonObject(name);
        Bytes bytes = hex(message, "hex");
        if (!bytes.equals(armoured(message, "encoded"))) {
            throw new AssertionError(name + ": the armour does not hold the bytes");
        }
        return bytes;
    }

    private static Sample clientProfile(String name, Bytes encoded) {
        return new Sample(
                name + ", client profile",
                encoded,
                bytes -> ClientProfile.decode(bytes).encoded());
    }

    private static Sample prekeyProfile(String name, Bytes encoded, Draft draft) {
        return new Sample(
                name + ", prekey profile",
                encoded,
                bytes -> PrekeyProfile.decode(bytes, draft).encoded());
    }

    private static Sample prekeyMessage(String name, Bytes encoded) {
        return new Sample(
                name + ", prekey message",
                encoded,
                bytes -> PrekeyMessage.decode(bytes).encoded());
    }

    private static Sample dake1(String name, Bytes encoded) {
        return new Sample(
                name + ", dake1", encoded, bytes -> Dake1.decode(bytes).encode());
    }

    private static Sample dake3(String name, Bytes encoded, Draft draft) {
        return new Sample(
                name + ", dake3", encoded, bytes -> Dake3.decode(bytes, draft).encode());
    }

    private static Sample inner(String name, Bytes encoded, Draft draft) {
        return new Sample(
                name + ", inner",
                encoded,
                bytes -> InnerMessage.decode(bytes, draft).encode());
    }

    private static Sample query(String name, Bytes encoded) {
        return new Sample(
                name + ", query", encoded, bytes -> EnsembleQuery.decode(bytes).encode());
    }

    private static Sample answer(String name, Bytes encoded, Draft draft) {
        return new Sample(
                name, encoded, bytes -> ServerMessage.decode(bytes, draft).encode(draft));
    }
}
