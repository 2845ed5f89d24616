package prekeeper.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.SecretBytes;

class KeyFileTest {
    @TempDir
    private Path folder;

    private final SecureRandom random = new SecureRandom();
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("identity.key");
    }

    @Test
    void theKeyThatWasMadeIsTheKeyThatIsReadFromThenOn() throws Exception {
        SecretBytes made = KeyFile.loadOrCreate(file, random);
        assertEquals(57, made.length());
        assertArrayEquals(made.toByteArray(), KeyFile.loadOrCreate(file, random).toByteArray());
        assertArrayEquals(made.toByteArray(), KeyFile.load(file).toByteArray());
    }

    @Test
    void theFileSaysWhatItIsAndIsForItsOwnerOnly() throws Exception {
        SecretBytes made = KeyFile.create(file, random);
        List<String> lines = Files.readAllLines(file);
        assertEquals(
                "# Identity of this prekey server. Keep it secret, and keep a copy: without it the fingerprint changes.",
                lines.get(0));
        assertTrue(lines.get(1)
                .matches("prekeeper-identity-1 " + Bytes.of(made.toByteArray()).toHex() + " [0-9a-f]{8}"));
        assertEquals(2, lines.size());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(Set.of(file), entries());
        assertEquals(Optional.empty(), Exposure.toAnybodyElse(file));
    }

    @Test
    void aFileThatIsThereIsNeverOverwritten() throws Exception {
        Files.writeString(file, "something of somebody");
        assertProblem(file + ": a file is there already and is never overwritten", () -> KeyFile.create(file, random));
        assertEquals("something of somebody", Files.readString(file));
        assertThrows(SetupException.class, () -> KeyFile.loadOrCreate(file, random));
        assertEquals("something of somebody", Files.readString(file));
        assertEquals(Set.of(file), entries());
    }

    @Test
    void aLinkToAFileThatIsGoneIsNotReplacedByANewKey() throws Exception {
        Files.createSymbolicLink(file, folder.resolve("on-a-disk-not-mounted"));
        assertProblem(file + ": no such file", () -> KeyFile.loadOrCreate(file, random));
        assertProblem(file + ": a file is there already and is never overwritten", () -> KeyFile.create(file, random));
    }

    @Test
    void oneOfManyThatStartAtOnceMakesTheKey() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Bytes>> makers = Stream.<Callable<Bytes>>generate(
                            () -> () -> Bytes.of(KeyFile.create(file, random).toByteArray()))
                    .limit(8)
                    .toList();
            Set<Bytes> made = new HashSet<>();
            for (Future<Bytes> maker : threads.invokeAll(makers)) {
                try {
                    made.add(maker.get());
                } catch (ExecutionException e) {
                    assertTrue(e.getCause() instanceof SetupException, e.toString());
                }
            }
            assertEquals(Set.of(Bytes.of(KeyFile.load(file).toByteArray())), made);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void everyTruncationIsRefused() throws Exception {
        KeyFile.create(file, random);
        String whole = Files.readString(file).stripTrailing();
        for (int length = 0; length < whole.length(); length++) {
            Files.writeString(file, whole.substring(0, length));
            assertThrows(SetupException.class, () -> KeyFile.load(file), "cut to " + length);
        }
    }

    @Test
    void everyChangedDigitIsRefused() throws Exception {
        KeyFile.create(file, random);
        String whole = Files.readString(file);
        for (int i = whole.indexOf("-1 ") + 3; i < whole.length() - 1; i++) {
            char other = whole.charAt(i) == '7' ? '8' : '7';
            Files.writeString(file, whole.substring(0, i) + other + whole.substring(i + 1));
            assertThrows(SetupException.class, () -> KeyFile.load(file), "changed at " + i);
        }
    }

    @Test
    void errorsSayWhatIsWrongAndQuoteNothing() throws Exception {
        String digits = "ab".repeat(57);
        assertRefused("", "not an identity key; comments and one line prekeeper-identity-1 ... expected");
        assertRefused(
                digits,
                "not an identity key; prekeeper-identity-1, 114 hexadecimal digits and a checksum of 8 expected");
        assertRefused(
                "prekeeper-identity-1 " + digits.substring(4) + " 00000000",
                "an identity key of 110 hexadecimal digits, 114 expected");
        assertRefused(
                "prekeeper-identity-1 " + digits + " 00000000",
                "identity key and checksum differ; the file was cut or changed");
        assertRefused("#".repeat(5000), "not an identity key; comments and one line prekeeper-identity-1 ... expected");
        assertProblem(folder.resolve("none") + ": no such file", () -> KeyFile.load(folder.resolve("none")));
        assertProblem(folder + ": no file that this user can read", () -> KeyFile.load(folder));
        Path nowhere = folder.resolve("missing").resolve("identity.key");
        assertProblem(nowhere + ": can not be made (NoSuchFileException)", () -> KeyFile.loadOrCreate(nowhere, random));
    }

    @Test
    void aKeyThatOthersCanReadIsWarnedOf() throws Exception {
        KeyFile.create(file, random);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertEquals(
                Optional.of(file + ": open to others than its owner; run chmod go-rwx " + file),
                Exposure.toAnybodyElse(file));
    }

    private void assertRefused(String content, String problem) throws IOException {
        Files.writeString(file, content);
        assertProblem(file + ": " + problem, () -> KeyFile.load(file));
    }

    private static void assertProblem(String problem, Callable<?> action) {
        SetupException refused = assertThrows(SetupException.class, action::call);
        assertEquals(List.of(problem), refused.problems());
        assertFalse(refused.hint().orElseThrow().isEmpty());
    }

    private Set<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return Set.copyOf(entries.toList());
        }
    }
}
