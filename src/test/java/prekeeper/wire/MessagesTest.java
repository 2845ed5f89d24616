package prekeeper.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import prekeeper.Vectors;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.DhGroup;
import prekeeper.crypto.DhProof;
import prekeeper.crypto.EcdhProof;
import prekeeper.crypto.Point;

/** What messages say, and what may stand in which place. */
class MessagesTest {
    private static final JsonObject GO = Vectors.matching("go-server.json").get("go-server.json");
    private static final InstanceTag TAG = new InstanceTag(0x100);
    private static final Bytes MAC = Bytes.fromHex("ee".repeat(64));
    private static final Point POINT = new Point(Bytes.fromHex("aa".repeat(57)));

    @ParameterizedTest
    @EnumSource
    void theHeaderAdmitsWhatAClientSendsAndNothingElse(MessageType type) throws MalformedMessageException {
        Bytes message =
                Bytes.fromHex("0004").concat(Bytes.of((byte) type.code())).concat(Bytes.fromHex("00000100" + "ff"));
        switch (type) {
            case DAKE_1, DAKE_3, ENSEMBLE_QUERY ->
                assertEquals(new ClientHeader(type, TAG), ClientHeader.read(message));
            default -> assertThrows(MalformedMessageException.class, () -> ClientHeader.read(message));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "0004",
                "000435",
                "000435000001",
                "000435000000ff",
                "00043500000000",
                "00040000000100",
                "00043400000100",
                "0004ff00000100"
            })
    void headersThatAreShortOrUnknownAreMalformed(String hex) {
        assertThrows(MalformedMessageException.class, () -> ClientHeader.read(Bytes.fromHex(hex)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0003", "0005", "ffff"})
    void headersOfAnotherVersionAreToldApart(String hex) {
        assertThrows(UnsupportedVersionException.class, () -> ClientHeader.read(Bytes.fromHex(hex)));
    }

    @Test
    void noMessageDecodesAsAnother() {
        for (Map.Entry<String, JsonElement> flow : GO.getAsJsonObject("flows").entrySet()) {
            JsonObject values = flow.getValue().getAsJsonObject();
            Bytes inner = Sample.hex(values.getAsJsonObject("inner"), "message");
            Bytes dake1 = Sample.hex(values.getAsJsonObject("dake1"), "hex");
            Bytes dake2 = Sample.hex(values.getAsJsonObject("dake2"), "hex");
            Bytes dake3 = Sample.hex(values.getAsJsonObject("dake3"), "hex");
            for (Bytes other : List.of(inner, dake2, dake3)) {
                assertThrows(MalformedMessageException.class, () -> Dake1.decode(other));
            }
            for (Bytes other : List.of(inner, dake1, dake2)) {
                assertThrows(MalformedMessageException.class, () -> Dake3.decode(other, Draft.DEPLOYED));
                assertThrows(MalformedMessageException.class, () -> EnsembleQuery.decode(other));
            }
            for (Bytes other : List.of(dake1, dake2, dake3)) {
                assertThrows(MalformedMessageException.class, () -> InnerMessage.decode(other, Draft.DEPLOYED));
            }
            for (Bytes other : List.of(dake1, inner, dake3)) {
                assertThrows(MalformedMessageException.class, () -> ServerMessage.decode(other, Draft.DEPLOYED));
            }
        }
    }

    @Test
    void whatTheMacOfAPublicationCoversIsThePartsOnTheWire() throws MalformedMessageException {
        JsonObject flow = GO.getAsJsonObject("flows").getAsJsonObject("1_publication_full");
        JsonObject values = flow.getAsJsonObject("inner");
        Bytes encoded = Sample.hex(values, "message");
        PrekeyPublication publication =
                assertInstanceOf(PrekeyPublication.class, InnerMessage.decode(encoded, Draft.DEPLOYED));
        assertEquals(values.get("N").getAsInt(), publication.prekeyMessages().size());
        assertEquals(Sample.hex(values, "mac"), publication.mac());

        Bytes messages = publication.encodedPrekeyMessages();
        assertEquals(encoded.slice(4, 4 + messages.length()), messages);
        Bytes proofs = publication.encodedProofs();
        int mac = encoded.length() - 64;
        assertEquals(encoded.slice(mac - proofs.length(), mac), proofs);
        assertEquals(
                encoded.length(),
                4
                        + messages.length()
                        + 2
                        + publication.clientProfile().orElseThrow().encoded().length()
                        + publication.prekeyProfile().orElseThrow().encoded().length()
                        + proofs.length()
                        + 64);
    }

    @Test
    void theIdentitiesOfAHandshakeAreEncodedAsTheGoServerDoes() {
        JsonObject server = GO.getAsJsonObject("server");
        String jid = server.get("identity").getAsString();
        Point key = new Point(Sample.hex(server.getAsJsonObject("long_term"), "point"));
        assertEquals(Sample.hex(server, "composite_identity"), new CompositeIdentity(jid, key).encode(Draft.DEPLOYED));
        for (JsonElement element : GO.getAsJsonObject("flows").asMap().values()) {
            JsonObject flow = element.getAsJsonObject();
            assertEquals(Sample.hex(flow, "phi"), Phi.encode(flow.get("from").getAsString(), jid));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00" + "02", // K
                "00" + "00" + "02", // J
                "00" + "ff",
                "00" + "00" + "ff"
            })
    void countsOfProfilesAreOneOrZero(String counts) {
        Bytes message = Bytes.fromHex("000408" + counts + "00".repeat(500));
        assertThrows(MalformedMessageException.class, () -> InnerMessage.decode(message, Draft.SPEC));
    }

    @ParameterizedTest
    @EnumSource
    void dhProofsAreBelowTheOrderOfTheGroup(Draft draft) throws MalformedMessageException {
        BigInteger largest = DhGroup.Q.subtract(BigInteger.ONE);
        Bytes good = publication(draft, largest).encode();
        assertEquals(good, InnerMessage.decode(good, draft).encode());
        for (BigInteger v : List.of(DhGroup.Q, DhGroup.P, BigInteger.ONE.shiftLeft(8 * DhGroup.BYTES))) {
            Bytes bad = publication(draft, v).encode();
            assertThrows(MalformedMessageException.class, () -> InnerMessage.decode(bad, draft));
        }
    }

    @ParameterizedTest
    @CsvSource({"flow-spec.json, DEPLOYED", "flow-deployed.json, SPEC", "go-server.json, SPEC"})
    void aClientProfileOfAnotherDraftThanTheHandshakesIsMalformed(String file, Draft other) {
        Sample publication = Sample.all().stream()
                .filter(sample -> sample.name().matches(file + ".*client.profile.only, inner"))
                .findFirst()
                .orElseThrow();
        assertThrows(MalformedMessageException.class, () -> InnerMessage.decode(publication.encoded(), other));
    }

    @Test
    void proofsComeWithWhatTheyProve() {
        EcdhProof proof = new EcdhProof(MAC, Bytes.fromHex("00".repeat(57)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new PrekeyPublication(
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(proof),
                        Optional.empty(),
                        Optional.empty(),
                        MAC));
        PrekeyMessage message = new PrekeyMessage(1, TAG, POINT, BigInteger.TWO);
        assertThrows(
                IllegalArgumentException.class,
                () -> new PrekeyPublication(
                        Collections.nCopies(256, message),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(proof),
                        Optional.of(new DhProof(MAC, BigInteger.ONE)),
                        Optional.empty(),
                        MAC));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "000410" + "00000100" + "00000001" + "ff" + "00000001" + "34", // not UTF-8
                "000410" + "00000100" + "00000002" + "c080" + "00000001" + "34", // an overlong zero
                "000410" + "00000100" + "00000003" + "eda080" + "00000001" + "34", // half a surrogate pair
                "000410" + "000000ff" + "00000001" + "61" + "00000001" + "34" // tag below 100
            })
    void identitiesAreUtf8(String hex) {
        assertThrows(MalformedMessageException.class, () -> EnsembleQuery.decode(Bytes.fromHex(hex)));
    }

    @Test
    void queriesHaveBoundsThatAreNotExceededByOne() throws MalformedMessageException {
        EnsembleQuery largest = new EnsembleQuery(TAG, "é".repeat(1535) + "x", "4\u00ff\u0000".repeat(10) + "ab");
        assertEquals(largest, EnsembleQuery.decode(largest.encode()));
        for (EnsembleQuery larger : List.of(
                new EnsembleQuery(TAG, largest.identity() + "x", "4"),
                new EnsembleQuery(TAG, "x", largest.versions() + "4"))) {
            assertThrows(MalformedMessageException.class, () -> EnsembleQuery.decode(larger.encode()));
        }
        assertThrows(IllegalArgumentException.class, () -> new EnsembleQuery(TAG, "\ud800", "4").encode());
    }

    @Test
    void theNumberOfEnsemblesIsAsLongAsTheDraftSays() throws MalformedMessageException {
        assertEquals(255, Draft.DEPLOYED.mostEnsembles());
        assertEquals(Integer.MAX_VALUE, Draft.SPEC.mostEnsembles());
        JsonObject retrieval =
                GO.getAsJsonArray("retrievals_after_flow_2").get(0).getAsJsonObject();
        Bytes encoded = Sample.hex(retrieval.getAsJsonObject("reply"), "hex");
        EnsembleRetrieval one =
                assertInstanceOf(EnsembleRetrieval.class, ServerMessage.decode(encoded, Draft.DEPLOYED));
        PrekeyEnsemble ensemble = one.ensembles().get(0);
        EnsembleRetrieval most = new EnsembleRetrieval(TAG, "a", Collections.nCopies(255, ensemble));
        assertEquals(most, ServerMessage.decode(most.encode(Draft.DEPLOYED), Draft.DEPLOYED));
        EnsembleRetrieval more = new EnsembleRetrieval(TAG, "a", Collections.nCopies(256, ensemble));
        assertThrows(IllegalArgumentException.class, () -> more.encode(Draft.DEPLOYED));
        Bytes huge = Bytes.fromHex("000413" + "00000100" + "00000001" + "61" + "ffffffff" + "00");
        assertThrows(MalformedMessageException.class, () -> ServerMessage.decode(huge, Draft.SPEC));
    }

    @Test
    void mpisHaveOneEncodingEach() throws MalformedMessageException {
        String start = "00040f" + "00000001" + "00000100" + "aa".repeat(57);
        assertEquals(
                BigInteger.ZERO,
                PrekeyMessage.decode(Bytes.fromHex(start + "00000000")).b());
        assertEquals(
                BigInteger.valueOf(0x80),
                PrekeyMessage.decode(Bytes.fromHex(start + "00000001" + "80")).b());
        for (String mpi :
                List.of("00000001" + "00", "00000002" + "0080", "00000181" + "01".repeat(385), "ffffffff" + "01")) {
            assertThrows(MalformedMessageException.class, () -> PrekeyMessage.decode(Bytes.fromHex(start + mpi)), mpi);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new PrekeyMessage(1, TAG, POINT, BigInteger.valueOf(-1)).encoded());
    }

    private static PrekeyPublication publication(Draft draft, BigInteger v) {
        return new PrekeyPublication(
                List.of(new PrekeyMessage(-1, TAG, POINT, BigInteger.TWO)),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new EcdhProof(MAC, Bytes.of(new byte[draft.suite().scalarBytes()]))),
                Optional.of(new DhProof(MAC, v)),
                Optional.empty(),
                MAC);
    }
}
