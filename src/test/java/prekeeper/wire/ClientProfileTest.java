package prekeeper.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import prekeeper.Vectors;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;

class ClientProfileTest {
    private static final Bytes OWNER = Bytes.fromHex("0001" + "00000100");
    private static final Bytes KEY = Bytes.fromHex("0002" + "1000" + "aa".repeat(57));
    private static final Bytes FORGING_KEY = Bytes.fromHex("0003" + "1200" + "bb".repeat(57));
    private static final Bytes VERSIONS = Bytes.fromHex("0004" + "00000002" + "3334");
    private static final Bytes EXPIRATION = Bytes.fromHex("0005" + "00000000f4865700");
    private static final Bytes DSA_KEY = Bytes.fromHex(
            "0006" + "0000" + "00000001" + "17" + "00000001" + "0b" + "00000001" + "04" + "00000001" + "08");
    private static final Bytes TRANSITIONAL_SIGNATURE = Bytes.fromHex("0007" + "cc".repeat(40));
    private static final Bytes SIGNATURE = Bytes.fromHex("dd".repeat(114));
    private static final Point POINT = new Point(Bytes.fromHex("aa".repeat(57)));

    @Test
    void everyFieldIsReadWhateverTheOrder() throws MalformedMessageException {
        Bytes encoded = profile(TRANSITIONAL_SIGNATURE, FORGING_KEY, DSA_KEY, EXPIRATION, KEY, VERSIONS, OWNER);
        ClientProfile profile = ClientProfile.decode(encoded);
        assertEquals(Draft.SPEC, profile.draft());
        assertEquals(new InstanceTag(0x100), profile.owner());
        assertEquals(POINT, profile.longTermKey());
        assertEquals(new Point(Bytes.fromHex("bb".repeat(57))), profile.forgingKey());
        assertEquals("34", profile.versions());
        assertEquals(Instant.parse("2100-01-01T00:00:00Z"), profile.expires());
        assertEquals(
                Optional.of(new DsaPublicKey(
                        BigInteger.valueOf(23), BigInteger.valueOf(11), BigInteger.valueOf(4), BigInteger.valueOf(8))),
                profile.dsaKey());
        assertEquals(Optional.of(Bytes.fromHex("cc".repeat(40))), profile.transitionalSignature());
        assertEquals(SIGNATURE, profile.signature());
        assertEquals(encoded, profile.encoded());
        assertEquals(encoded, profile.signedPart().concat(SIGNATURE));
        assertEquals(
                concat(OWNER, KEY, FORGING_KEY, VERSIONS, EXPIRATION, DSA_KEY), profile.transitionallySignedPart());
    }

    @Test
    void fieldsThatAreMissingRepeatedOrUnknownAreMalformed() {
        refused(profile());
        refused(profile(KEY, FORGING_KEY, VERSIONS, EXPIRATION));
        refused(profile(OWNER, FORGING_KEY, VERSIONS, EXPIRATION));
        refused(profile(OWNER, KEY, VERSIONS, EXPIRATION));
        refused(profile(OWNER, KEY, FORGING_KEY, EXPIRATION));
        refused(profile(OWNER, KEY, FORGING_KEY, VERSIONS));
        refused(profile(OWNER, KEY, FORGING_KEY, VERSIONS, EXPIRATION, EXPIRATION));
        refused(profile(OWNER, KEY, FORGING_KEY, VERSIONS, EXPIRATION, Bytes.fromHex("0000")));
        refused(profile(OWNER, KEY, FORGING_KEY, VERSIONS, EXPIRATION, Bytes.fromHex("0008" + "00000000")));
        Bytes fields = concat(OWNER, KEY, FORGING_KEY, VERSIONS, EXPIRATION);
        refused(Bytes.fromHex("00000008").concat(fields).concat(SIGNATURE));
        refused(Bytes.fromHex("80000005").concat(fields).concat(SIGNATURE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0004" + "00000000", // no version
                "0004" + "00000001" + "2f", // a character before 0
                "0004" + "00000001" + "3a", // a character after 9
                "0004" + "00000001" + "b4",
                "0004" + "00000002" + "340a",
                "0004" + "00000011" + "3434343434343434343434343434343434"
            })
    void versionsAreAFewDigits(String versions) {
        refused(profile(OWNER, KEY, FORGING_KEY, Bytes.fromHex(versions), EXPIRATION));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0003" + "0012", // the other draft's order
                "0003" + "1000", // a key of another purpose
                "0003" + "1100",
                "0003" + "0000"
            })
    void keysOfAnotherDraftOrPurposeAreMalformed(String start) {
        Bytes forgingKey = Bytes.fromHex(start + "bb".repeat(57));
        refused(profile(OWNER, KEY, forgingKey, VERSIONS, EXPIRATION));
        refused(profile(OWNER, forgingKey, KEY, VERSIONS, EXPIRATION));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0006" + "0001" + "0000000117" + "000000010b" + "0000000104" + "0000000108", // key type
                "0006" + "0000" + "000000020017" + "000000010b" + "0000000104" + "0000000108", // a leading zero byte
                "0006" + "0000" + "0000000117" + "0000002101" + "0000000104" + "0000000108" // q of 33 bytes
            })
    void dsaKeysOfBadFormAreMalformed(String field) {
        refused(profile(OWNER, KEY, FORGING_KEY, VERSIONS, EXPIRATION, Bytes.fromHex(field + "00".repeat(40))));
        refused(profile(OWNER, KEY, FORGING_KEY, VERSIONS, EXPIRATION, Bytes.fromHex(field)));
    }

    @Test
    void noExpirationIsTooFarAway() throws MalformedMessageException {
        assertEquals(Instant.MAX, expires("7fffffffffffffff"));
        assertEquals(Instant.MIN, expires("8000000000000000"));
        assertEquals(Instant.ofEpochSecond(-1), expires("ffffffffffffffff"));
        assertEquals(Instant.EPOCH, expires("0000000000000000"));
    }

    @ParameterizedTest
    @EnumSource
    void whatAnOwnerSignsDecodesOnceSigned(Draft draft) throws MalformedMessageException {
        Instant expires = Instant.parse("2100-01-02T03:04:05Z");
        InstanceTag owner = new InstanceTag(-1);
        Bytes signedPart = ClientProfile.signedPart(draft, owner, POINT, POINT, "4", expires.plusMillis(999));
        ClientProfile profile = ClientProfile.decode(signedPart.concat(SIGNATURE));
        assertEquals(draft, profile.draft());
        assertEquals(owner, profile.owner());
        assertEquals("4", profile.versions());
        assertEquals(expires, profile.expires());
        assertEquals(signedPart, profile.signedPart());
        assertThrows(
                IllegalArgumentException.class,
                () -> ClientProfile.signedPart(draft, owner, POINT, POINT, "4 ", expires));

        Bytes prekeyPart = PrekeyProfile.signedPart(draft, owner, expires, POINT);
        PrekeyProfile prekeyProfile = PrekeyProfile.decode(prekeyPart.concat(SIGNATURE), draft);
        assertEquals(new PrekeyProfile(owner, expires, POINT, SIGNATURE, prekeyPart.concat(SIGNATURE)), prekeyProfile);
        assertEquals(prekeyPart, prekeyProfile.signedPart());
        for (Draft other : Draft.values()) {
            if (!other.equals(draft)) {
                assertThrows(
                        MalformedMessageException.class,
                        () -> PrekeyProfile.decode(prekeyPart.concat(SIGNATURE), other));
            }
        }
    }

    @Test
    void theGoServerSignsTheSameParts() throws MalformedMessageException {
        JsonObject vectors = Vectors.matching("go-server.json").get("go-server.json");
        JsonObject client = vectors.getAsJsonObject("client");
        ClientProfile profile = ClientProfile.decode(Sample.hex(client, "client_profile"));
        assertEquals(Sample.hex(client, "signed_part"), profile.signedPart());
        assertEquals(Sample.hex(client, "signature"), profile.signature());
        assertEquals(
                profile.signedPart(),
                ClientProfile.signedPart(
                        Draft.DEPLOYED,
                        profile.owner(),
                        new Point(Sample.hex(client.getAsJsonObject("long_term"), "point")),
                        new Point(Sample.hex(client.getAsJsonObject("forging"), "point")),
                        client.get("versions").getAsString(),
                        Instant.ofEpochSecond(client.get("expiration").getAsLong())));
        JsonObject shared = vectors.getAsJsonObject("prekey_profile");
        assertEquals(
                Sample.hex(shared, "signed_part"),
                PrekeyProfile.signedPart(
                        Draft.DEPLOYED,
                        profile.owner(),
                        Instant.ofEpochSecond(shared.get("expiration").getAsLong()),
                        new Point(Sample.hex(shared.getAsJsonObject("shared_prekey"), "point"))));
    }

    private static Instant expires(String seconds) throws MalformedMessageException {
        Bytes encoded = profile(OWNER, KEY, FORGING_KEY, VERSIONS, Bytes.fromHex("0005" + seconds));
        ClientProfile profile = ClientProfile.decode(encoded);
        assertEquals(encoded, profile.encoded());
        return profile.expires();
    }

    private static Bytes profile(Bytes... fields) {
        return Bytes.of(new byte[] {0, 0, 0, (byte) fields.length})
                .concat(concat(fields))
                .concat(SIGNATURE);
    }

    private static Bytes concat(Bytes... parts) {
        Bytes all = Bytes.EMPTY;
        for (Bytes part : parts) {
            all = all.concat(part);
        }
        return all;
    }

    private static void refused(Bytes profile) {
        assertThrows(MalformedMessageException.class, () -> ClientProfile.decode(profile));
    }
}
