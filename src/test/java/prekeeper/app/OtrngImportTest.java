package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.Vectors;
import prekeeper.client.PrekeyDevice;
import prekeeper.crypto.Bytes;
import prekeeper.server.SetupException;
import prekeeper.store.Ensemble;
import prekeeper.store.InMemoryPrekeyStore;
import prekeeper.store.PrekeyStore;
import prekeeper.store.Take;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;

/** Folders as otrv4/otrng-prekey-server writes them; the first one with what that very server once wrote (go-server.json). */
class OtrngImportTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final String ALICE = "alice@example.org";

    /** SHA-256 of the above, computed by sha256sum. */
    private static final String ALICE_HASH = "7A64ADF28737EA90719CBDF0B1A87A5EFFFF3753B79C91D717F4F4153EAD0498";

    @TempDir
    private Path folder;

    private final InMemoryPrekeyStore store = new InMemoryPrekeyStore();
    private final List<String> told = new ArrayList<>();

    private JsonObject go;
    private Path device;

    @BeforeEach
    void writeWhatTheGoServerWrote() throws Exception {
        go = Vectors.matching("go-server.json").values().iterator().next();
        device = device(ALICE, "1245ABCD");
        write(device.resolve("cp.bin"), hex(go.getAsJsonObject("client"), "client_profile"));
        write(device.resolve("pp.bin"), hex(go.getAsJsonObject("prekey_profile"), "serialized"));
        for (JsonElement message : go.getAsJsonArray("prekey_messages")) {
            write(device.resolve("pm").resolve(name(message) + ".bin"), hex(message.getAsJsonObject(), "serialized"));
        }
        write(device.getParent().resolve(".lock"), Bytes.EMPTY);
    }

    @Test
    void anAccountsFolderIsNamedByTheHashOfItsName() {
        assertEquals(folder.resolve(ALICE_HASH.substring(0, 4)).resolve(ALICE_HASH), device.getParent());
    }

    @Test
    void whatTheGoServerStoredIsHandedOutInItsOrder() throws IOException {
        assertEquals(
                "imported 1 devices and 2 prekey messages of 1 accounts; 0 accounts of the list have nothing there; 0"
                        + " folders there belong to no account of the list",
                run(ALICE));
        assertEquals(List.of(ALICE + " 1245abcd: imported with 2 prekey messages"), told);
        JsonArray messages = go.getAsJsonArray("prekey_messages");
        List<String> names = new ArrayList<>();
        messages.forEach(message -> names.add(name(message)));
        Collections.sort(names);
        for (String name : names) {
            Ensemble taken = take().get(0);
            assertEquals(hex(go.getAsJsonObject("client"), "client_profile"), taken.clientProfile());
            assertEquals(hex(go.getAsJsonObject("prekey_profile"), "serialized"), taken.prekeyProfile());
            assertEquals(Bytes.fromHex(name), taken.prekeyMessage().slice(3, 7));
        }
    }

    @Test
    void accountsThatAreMissingOnEitherSideAreCounted() throws Exception {
        device("bob@example.org", "1245ABCD");
        device("carol@example.org", "1245ABCD");
        assertEquals(
                "imported 0 devices and 0 prekey messages of 1 accounts; 1 accounts of the list have nothing there; 2"
                        + " folders there belong to no account of the list",
                run("bob@example.org", "dave@example.org"));
        assertEquals(List.of("bob@example.org 1245abcd: not imported; no client profile"), told);
    }

    @Test
    void anAccountIsFoundUnderTheNameAsItWasWrittenToo() throws Exception {
        device("Erin@example.org", "1245ABCD");
        new OtrngImport(new OtrngFolder(folder), store, store.inventory(), NOW, told::add)
                .run(Map.of("erin@example.org", "Erin@example.org"));
        assertEquals(List.of("erin@example.org 1245abcd: not imported; no client profile"), told);
    }

    @Test
    void linksAreNotFollowed() throws Exception {
        Path secret = folder.resolve("secret");
        write(secret, Bytes.of(new byte[10]));
        Path profile = device.resolve("cp.bin");
        Path kept = folder.resolve("kept");
        Files.move(profile, kept);
        Files.createSymbolicLink(profile, kept);
        Files.createSymbolicLink(device.resolveSibling("1245ABCE"), device);
        run(ALICE);
        assertEquals(
                List.of(
                        ALICE + " 1245ABCE: not the folder of a device",
                        ALICE
                                + " 1245abcd: not imported; client profile is not in a file of its own; no client profile"),
                told);

        Files.delete(profile);
        Files.move(kept, profile);
        Files.createSymbolicLink(device.resolve("pm").resolve("00000001.bin"), secret);
        told.clear();
        run(ALICE);
        assertEquals(
                ALICE + " 1245abcd: imported with 2 prekey messages; prekey message is not in a file of its own",
                told.get(1));
    }

    @Test
    void aFolderThatIsALinkIsNoAccount() throws Exception {
        Path account = device.getParent();
        Path kept = folder.resolve("kept");
        Files.move(account, kept);
        Files.createSymbolicLink(account, kept);
        assertTrue(run(ALICE).contains("1 accounts of the list have nothing there; 0 folders there"));
    }

    @Test
    void whatIsWrongIsLeftOutAndTold() throws Exception {
        write(device.resolve("pm").resolve("00000001.bin"), Bytes.of(new byte[5]));
        write(device.resolve("pm").resolve("00000002.bin"), Bytes.of(new byte[PrekeyStore.LONGEST_ENCODING_BYTES + 1]));
        write(device.resolve("pm").resolve("00000003.bin"), Bytes.of(new byte[5]));
        write(device.resolve("pm").resolve("3.bin"), Bytes.of(new byte[5]));
        write(device.resolve("pp.bin"), Bytes.EMPTY);
        Files.createDirectory(device.resolveSibling("000000FF"));
        run(ALICE);
        assertEquals(
                List.of(
                        ALICE + " 000000FF: not the folder of a device",
                        ALICE
                                + " 1245abcd: imported with 2 prekey messages; prekey profile: message ends early: 0 bytes"
                                + " left, 4 expected; prekey message: protocol version 0, only 4 is supported (2 times);"
                                + " prekey message is longer than 65528 bytes"),
                told);
    }

    @Test
    void manyPrekeyMessagesComeInSeveralTransactions() throws Exception {
        SecureRandom random = new SecureRandom();
        String name = "bob@example.org";
        try (PrekeyDevice bob =
                PrekeyDevice.generate(Draft.DEPLOYED, new InstanceTag(0x100), NOW.plusSeconds(60), random)) {
            Path path = device(name, "00000100");
            write(path.resolve("cp.bin"), bob.clientProfile().encoded());
            write(path.resolve("pp.bin"), bob.prekeyProfile().encoded());
            bob.newPrekeyMessages(450, random).forEach(message -> {
                write(path.resolve("pm").resolve(String.format("%08X.bin", message.identifier())), message.encoded());
            });
        }
        run(name);
        assertEquals(List.of(name + " 00000100: imported with 450 prekey messages"), told);
        assertEquals(450, store.inventory().counts().prekeyMessages());
    }

    @Test
    void aListNamesAccountsOnceAndEveryWrongLineIsTold() throws Exception {
        Path list = folder.resolve("accounts");
        Files.writeString(list, "# ours\n\n Alice@Example.org \nalice@example.org\nbob@example.org\n");
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("alice@example.org", "Alice@Example.org");
        expected.put("bob@example.org", "bob@example.org");
        assertEquals(expected, AccountList.read(list));

        Files.writeString(list, "alice\nbob@example.org/phone\nexample.org\ncarol@example.org\n");
        SetupException refused = assertThrows(SetupException.class, () -> AccountList.read(list));
        assertEquals(
                List.of(
                        list + ":1: not an account such as alice@example.org",
                        list + ":2: not an account such as alice@example.org",
                        list + ":3: not an account such as alice@example.org"),
                refused.problems());
        assertThrows(SetupException.class, () -> AccountList.read(folder.resolve("none")));
    }

    private String run(String... names) throws IOException {
        Map<String, String> accounts = new LinkedHashMap<>();
        for (String name : names) {
            accounts.put(name, name);
        }
        return new OtrngImport(new OtrngFolder(folder), store, store.inventory(), NOW, told::add).run(accounts);
    }

    private List<Ensemble> take() {
        return store.takeEnsembles(new Take(ALICE, Draft.DEPLOYED, "4", 10, 10), NOW);
    }

    private Path device(String account, String tag) throws Exception {
        String hash = HexFormat.of()
                .withUpperCase()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(account.getBytes(StandardCharsets.UTF_8)));
        Path path = folder.resolve(hash.substring(0, 4)).resolve(hash).resolve(tag);
        Files.createDirectories(path.resolve("pm"));
        return path;
    }

    private static String name(JsonElement message) {
        return message.getAsJsonObject().get("identifier").getAsString().toUpperCase(Locale.ROOT);
    }

    private static Bytes hex(JsonObject object, String name) {
        return Bytes.fromHex(object.get(name).getAsString());
    }

    private static void write(Path file, Bytes content) {
        try {
            Files.write(file, content.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
