package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import prekeeper.app.ExportReader.WrongLineException;
import prekeeper.crypto.Bytes;
import prekeeper.store.DeviceContents;
import prekeeper.store.DeviceContents.ClientProfileContents;
import prekeeper.store.DeviceContents.PrekeyProfileContents;
import prekeeper.store.RecordedContents;
import prekeeper.store.StoredBytes;

class ExportTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void everythingComesBackAsItWas() throws IOException {
        RecordedContents all = all();
        assertEquals(all, RecordedContents.of(reader(export(all))));
    }

    @Test
    void anEmptyStoreIsAnExportToo() throws IOException {
        String export = export(new RecordedContents());
        String header =
                "{\"format\":\"prekeeper-store\",\"version\":1,\"engine\":\"H2 1.2.3\",\"at\":\"2026-01-01T12:00:00Z\"}\n";
        assertEquals(
                header + "{\"end\":\"" + sha256(header)
                        + "\",\"devices\":0,\"messages\":0,\"identifiers\":0,\"blocked\":0,\"takings\":0}\n",
                export);
        assertEquals(new RecordedContents(), RecordedContents.of(reader(export)));
    }

    @Test
    void theFormatIsTheDocumentedOne() throws IOException {
        List<String> lines = export(all()).lines().toList();
        assertEquals("{\"blocked\":\"spam.example\",\"since\":1767268800}", lines.get(1));
        assertEquals("{\"takings\":\"server-1\",\"mark\":12,\"forgiven\":true}", lines.get(2));
        assertEquals(
                "{\"device\":\"alice@example.org\",\"tag\":\"ffffffff\",\"key\":\"" + "ab".repeat(57)
                        + "\",\"expires\":1767268800,\"client-profile\":{\"encoded\":\"Y2xpZW50\",\"draft\":\"DEPLOYED\","
                        + "\"versions\":\"34\",\"published\":1767268800001},\"prekey-profile\":{\"encoded\":\"cHJla2V5\","
                        + "\"draft\":\"SPEC\",\"expires\":31556889864403199},\"next\":4294967296}",
                lines.get(3));
        assertEquals("{\"message\":\"bWVzc2FnZSAw\",\"sequence\":0}", lines.get(4));
        assertEquals("{\"message\":\"bWVzc2FnZSA3\",\"sequence\":4294967295}", lines.get(5));
        assertEquals("{\"identifiers\":[1]}", lines.get(6));
        assertEquals("{\"identifiers\":[4294967295]}", lines.get(7));
    }

    @Test
    void whatIsDamagedIsLeftOutAndCounted() throws IOException {
        RecordedContents damaged = new RecordedContents();
        DeviceContents device = device();
        damaged.device(new DeviceContents(
                device.owner(),
                device.tag(),
                device.longTermKey(),
                device.expires(),
                Optional.of(new ClientProfileContents(new StoredBytes(bytes("client"), false), "SPEC", "4", NOW)),
                device.prekeyProfile(),
                2));
        damaged.prekeyMessage(0, new StoredBytes(bytes("message"), false));
        damaged.prekeyMessage(1, stored("message"));
        damaged.rememberedIdentifiers(List.of(1, 2));

        RecordedContents expected = new RecordedContents();
        expected.device(new DeviceContents(
                device.owner(),
                device.tag(),
                device.longTermKey(),
                device.expires(),
                Optional.empty(),
                device.prekeyProfile(),
                2));
        expected.prekeyMessage(1, stored("message"));
        expected.rememberedIdentifiers(List.of(1, 2));

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExportWriter writer = new ExportWriter(out, "H2 1.2.3", NOW);
        damaged.showTo(writer);
        writer.finish();
        assertEquals(2, writer.damaged());
        assertEquals(expected, RecordedContents.of(reader(out.toString(StandardCharsets.UTF_8))));
    }

    @Test
    void everyCutIsRefused() throws IOException {
        byte[] whole = export(all()).getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length - 1; length++) { // without its last line feed it is whole
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(WrongLineException.class, () -> read(cut), length + " bytes");
        }
    }

    @Test
    void everyChangedByteIsRefused() throws IOException {
        byte[] whole = export(all()).getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < whole.length - 1; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            assertThrows(WrongLineException.class, () -> read(changed), "byte " + at);
        }
    }

    @Test
    void aCountThatIsWrongIsToldWithBoth() throws IOException {
        String export = export(all()).replaceFirst("\"devices\":1", "\"devices\":2");
        assertEquals(
                "file:9: the file has 1 devices, 2 prekey messages, 2 remembered identifiers, 1 blocked; it should have 2"
                        + " devices, 2 prekey messages, 2 remembered identifiers, 1 blocked",
                refusal(export));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{\"format\":\"prekeeper-store\",\"version\":1 ~ {\"format\":\"prekeeper-store\",\"version\":2 ~ 1: version is 2, 1 to 1 allowed",
                "\"format\":\"prekeeper-store\" ~ \"format\":\"else\" ~ 1: format is not prekeeper-store",
                "\"format\":\"prekeeper-store\" ~ \"shape\":\"prekeeper-store\" ~ 1: not an export of prekeeper; \"prekeeper store export\" makes one",
                "\"since\":1767268800 ~ \"since\":1e3 ~ 2: a number that is not whole, or has more than 19 digits",
                "\"since\":1767268800 ~ \"since\":99999999999999999 ~ 2: since is 99999999999999999, -31557014167219200 to 31556889864403199 allowed",
                "\"since\":1767268800 ~ \"until\":1767268800 ~ 2: since is missing",
                "\"since\":1767268800 ~ \"since\":0,\"until\":1 ~ 2: 1 unknown fields; was it written by a newer prekeeper?",
                "\"since\":1767268800 ~ \"since\":0,\"since\":1 ~ 2: two fields of one name",
                "\"blocked\":\"spam.example\" ~ \"blocked\":5 ~ 2: blocked is not text",
                "\"blocked\":\"spam.example\" ~ \"blocked\":null ~ 2: a value that is NULL",
                "\"blocked\":\"spam.example\" ~ 'blocked':\"spam.example\" ~ 2: not valid JSON",
                "{\"blocked\":\"spam.example\",\"since\":1767268800} ~ [] ~ 2: a JSON object expected",
                "{\"blocked\":\"spam.example\",\"since\":1767268800} ~ {\"more\":1} ~ 2: a line of no known kind; was it written by a newer prekeeper?",
                "\"mark\":12 ~ \"mark\":-1 ~ 3: mark is -1, 0 to 9223372036854775807 allowed",
                "\"forgiven\":true ~ \"forgiven\":1 ~ 3: forgiven is not true or false",
                "\"tag\":\"ffffffff\" ~ \"tag\":\"000000ff\" ~ 4: tag below 00000100",
                "\"tag\":\"ffffffff\" ~ \"tag\":\"ffff\" ~ 4: tag is not eight hexadecimal digits",
                "\"key\":\"ab ~ \"key\":\" ~ 4: key is not 114 hexadecimal digits",
                "\"draft\":\"DEPLOYED\" ~ \"draft\":\"OTHER\" ~ 4: draft is not the name of a draft",
                "\"versions\":\"34\" ~ \"versions\":\"four\" ~ 4: versions is not 1 to 16 digits",
                "\"Y2xpZW50\" ~ \"Y2xp*W50\" ~ 4: encoded is not base64",
                "\"Y2xpZW50\" ~ \"\" ~ 4: encoded of 0 bytes, 1 to 65528 allowed",
                "\"client-profile\":{ ~ \"client-profile\":{\"a\":{}, ~ 4: an object inside of an object inside of an object",
                "\"next\":4294967296 ~ \"next\":4294967297 ~ 4: next is 4294967297, 0 to 4294967296 allowed",
                "\"sequence\":4294967295 ~ \"sequence\":0 ~ 6: sequence is 0, 1 to 4294967295 allowed",
                "[1] ~ [1,\"2\"] ~ 7: a list of anything but numbers",
                "[1] ~ [1,4294967296] ~ 7: identifiers is 4294967296, 0 to 4294967295 allowed",
                "[4294967295] ~ [1] ~ 8: identifiers are not in ascending order",
            })
    void aLineThatIsWrongIsToldByItsNumber(String from, String to, String expected) throws IOException {
        String export = export(all());
        assertTrue(export.contains(from), from);
        assertEquals("file:" + expected, refusal(export.replace(from, to)));
    }

    @Test
    void whatBelongsToADeviceNeedsOne() throws IOException {
        List<String> lines = export(all()).lines().toList();
        String without = String.join("\n", lines.get(0), lines.get(4));
        assertEquals("file:2: belongs to a device, and none stands before it", refusal(without));
    }

    @Test
    void nothingMayStandBehindTheEnd() throws IOException {
        assertEquals("file:10: something behind the last line", refusal(export(all()) + "{}\n"));
    }

    @Test
    void longLinesAndListsAreRefusedBeforeTheyAreRead() throws IOException {
        String header = export(all()).lines().findFirst().orElseThrow();
        assertEquals(
                "file:2: a line of more than 262144 bytes",
                refusal(header + "\n{\"blocked\":\"" + "a".repeat(1 << 20)));
        String many = IntStream.range(0, 1_001)
                .mapToObj(Integer::toString)
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
        assertEquals(
                "file:7: a list of 1001 identifiers, at most 1000 allowed",
                refusal(export(all()).replace("[1]", "[" + many + "]")));
    }

    private static String refusal(String export) {
        return assertThrows(WrongLineException.class, () -> read(export.getBytes(StandardCharsets.UTF_8)))
                .getMessage();
    }

    private static void read(byte[] export) throws IOException {
        new ExportReader("file", new ByteArrayInputStream(export)).showTo(new RecordedContents());
    }

    private static ExportReader reader(String export) {
        return new ExportReader("file", new ByteArrayInputStream(export.getBytes(StandardCharsets.UTF_8)));
    }

    private static String export(RecordedContents contents) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExportWriter writer = new ExportWriter(out, "H2 1.2.3", NOW);
        contents.showTo(writer);
        writer.finish();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static RecordedContents all() {
        RecordedContents all = new RecordedContents();
        all.blocked("spam.example", NOW);
        all.takingMark("server-1", 12, true);
        all.device(device());
        all.prekeyMessage(0, stored("message 0"));
        all.prekeyMessage(0xFFFF_FFFFL, stored("message 7"));
        all.rememberedIdentifiers(List.of(1));
        all.rememberedIdentifiers(List.of(-1));
        return all;
    }

    private static DeviceContents device() {
        return new DeviceContents(
                "alice@example.org",
                0xFFFF_FFFFL,
                Bytes.fromHex("ab".repeat(57)),
                NOW,
                Optional.of(new ClientProfileContents(stored("client"), "DEPLOYED", "34", NOW.plusMillis(1))),
                Optional.of(new PrekeyProfileContents(
                        stored("prekey"), "SPEC", Instant.ofEpochSecond(Instant.MAX.getEpochSecond()))),
                1L << 32);
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(ExportFormat.digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static StoredBytes stored(String text) {
        return new StoredBytes(bytes(text), true);
    }

    private static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
