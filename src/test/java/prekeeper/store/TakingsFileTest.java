package prekeeper.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakingsFileTest {
    private static final int BLOCK = 4096;

    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void name() {
        path = folder.resolve("identity.key.takings");
    }

    @Test
    void aNewFileHasANameOfItsOwnAndTheNumberZero() throws IOException {
        try (TakingsFile file = TakingsFile.open(path);
                TakingsFile other = TakingsFile.open(folder.resolve("other"))) {
            assertEquals(0, file.number());
            assertTrue(file.server().matches("[0-9a-f]{32}"), file.server());
            assertNotEquals(file.server(), other.server());
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(2, left.count(), "no drafts are left");
        }
    }

    @Test
    void whatWasWrittenLastIsReadAgain() {
        String server;
        try (TakingsFile file = TakingsFile.open(path)) {
            server = file.server();
            for (long number : List.of(1L, 2L, 7L, 9L, Long.MAX_VALUE)) {
                file.write(number);
            }
        }
        try (TakingsFile file = TakingsFile.open(path)) {
            assertEquals(Long.MAX_VALUE, file.number());
            assertEquals(server, file.server());
        }
    }

    @Test
    void aWriteThatDidNotComeToItsEndLeavesTheNumberBefore() throws IOException {
        try (TakingsFile file = TakingsFile.open(path)) {
            file.write(4);
            file.write(5);
        }
        byte[] whole = Files.readAllBytes(path);
        for (int torn : new int[] {0, 1, 40, 60, 80}) {
            byte[] content = whole.clone();
            Arrays.fill(content, BLOCK + torn, BLOCK + 2048, (byte) 0); // 5 is odd: the second block
            Files.write(path, content);
            try (TakingsFile file = TakingsFile.open(path)) {
                assertEquals(4, file.number());
                file.write(6);
            }
            try (TakingsFile file = TakingsFile.open(path)) {
                assertEquals(6, file.number());
            }
        }
    }

    @Test
    void aFileInUseIsNotSharedWithAnotherServer() {
        try (TakingsFile file = TakingsFile.open(path)) {
            assertTrue(refusal().contains("is in use by another server"), file.server());
        }
        TakingsFile.open(path).close();
    }

    @Test
    void aDamagedFileIsRefusedWithWhatToDo() throws IOException {
        for (String content : List.of("", "prekeeper-takings-1", "x".repeat(3 * BLOCK))) {
            Files.writeString(path, content, US_ASCII);
            String text = refusal();
            assertTrue(text.contains(path + " is damaged"), text);
            assertTrue(text.contains("prekeeper store restore"), text);
        }
    }

    @Test
    void aFolderThatIsMissingIsNamed() {
        path = folder.resolve("missing").resolve("takings");
        assertTrue(refusal().contains(path.toString()));
    }

    private String refusal() {
        StorageException refused = assertThrows(StorageException.class, () -> TakingsFile.open(path));
        assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
        return refused.getMessage();
    }
}
