package prekeeper.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.h2.mvstore.DataUtils;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order that H2's chunks and headers get to a disk in; they are made here, since H2 decides by itself when it writes what. */
class OrderedFilesTest {
    private static final int BLOCK = 4096;
    private static final int NO_NEXT = 0;

    @TempDir
    Path folder;

    private Path file;
    private FileChannel ordered;
    private final List<Moment> moments = new ArrayList<>();

    /** What a process sees of the file, and what of it is on disk. */
    private record Moment(String seen, String durable) {
        private static String at(String file, int block) {
            return file.substring(Math.min(file.length(), block * BLOCK), Math.min(file.length(), (block + 1) * BLOCK));
        }

        String seenAt(int block) {
            return at(seen, block);
        }

        String durableAt(int block) {
            return at(durable, block);
        }
    }

    @BeforeEach
    void makeFile() throws IOException {
        LossyDisk.register();
        OrderedFiles.register();
        file = folder.resolve("file");
        open();
    }

    private void open() throws IOException {
        ordered = FilePath.get("ordered:lossy:" + file).open("rw");
        LossyDisk.under(file).watch(() -> moments.add(now()));
    }

    @AfterEach
    void close() throws IOException {
        ordered.close();
        LossyDisk.forget(file);
    }

    private Moment now() {
        try {
            return new Moment(
                    Files.readString(file, ISO_8859_1), Files.readString(Path.of(file + ".durable"), ISO_8859_1));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void write(int block, byte[] bytes) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        assertEquals(bytes.length, ordered.write(source, (long) block * BLOCK));
        assertEquals(0, source.remaining());
    }

    private static byte[] header(int block, int version) {
        byte[] text =
                checked("H:2,block:" + block + ",blockSize:1000,chunk:" + version + ",format:3,version:" + version);
        return ByteBuffer.allocate(2 * BLOCK).put(0, text).put(BLOCK, text).array();
    }

    /** Of two blocks; its number is its version. */
    private static byte[] chunk(int version, int next) {
        byte[] bytes = new byte[2 * BLOCK];
        Arrays.fill(bytes, (byte) ('a' + version));
        String fields = "chunk:" + version + ",len:2,version:" + version;
        byte[] footer = checked(fields);
        return ByteBuffer.wrap(bytes)
                .put(0, (fields + (next == NO_NEXT ? "" : ",next:" + next) + "\n").getBytes(ISO_8859_1))
                .put(bytes.length - 128, footer)
                .array();
    }

    private static byte[] checked(String fields) {
        byte[] bytes = fields.getBytes(ISO_8859_1);
        int checksum = DataUtils.getFletcher32(bytes, 0, bytes.length);
        return (fields + ",fletcher:" + Integer.toHexString(checksum) + "\n").getBytes(ISO_8859_1);
    }

    private void writeThreeChunksOfWhichTheHeaderNamesTheFirst() throws IOException {
        write(2, chunk(1, 4));
        write(0, header(2, 1));
        write(4, chunk(2, 6));
        write(6, chunk(3, 8));
        ordered.force(true);
        moments.clear();
    }

    private void assertHeaderNamesTheThirdBefore(String change, int block) {
        assertTrue(moments.stream().anyMatch(moment -> !moment.seenAt(block).equals(change)));
        for (Moment moment : moments) {
            if (!moment.seenAt(block).equals(change)) {
                for (int copy : new int[] {0, 1}) {
                    assertEquals(new String(header(6, 3), ISO_8859_1).substring(0, BLOCK), moment.durableAt(copy));
                }
            }
        }
    }

    @Test
    void aChunkGetsItsFirstSectorWhenAllElseOfItIsOnDisk() throws IOException {
        byte[] chunk = chunk(1, NO_NEXT);
        write(2, chunk);
        ordered.force(true);
        moments.add(now());
        assertTrue(moments.stream().anyMatch(moment -> moment.seenAt(2).startsWith("chunk:1")));
        String rest = new String(chunk, ISO_8859_1).substring(512);
        for (Moment moment : moments) {
            if (moment.seenAt(2).startsWith("chunk:1")) {
                assertEquals(rest, moment.durable.substring(2 * BLOCK + 512));
            }
        }
        assertEquals(now().seen, now().durable);
        assertArrayEquals(chunk, Arrays.copyOfRange(Files.readAllBytes(file), 2 * BLOCK, 4 * BLOCK));
    }

    @Test
    void aHeaderIsWrittenWhenTheChunkThatItNamesIsOnDisk() throws IOException {
        write(2, chunk(1, NO_NEXT));
        write(0, header(2, 1));
        ordered.force(true);
        assertTrue(moments.stream().anyMatch(moment -> moment.seen.startsWith("H:2")));
        for (Moment moment : moments) {
            assertTrue(!moment.seen.startsWith("H:2") || moment.durableAt(2).startsWith("chunk:1"));
        }
    }

    @Test
    void whatLeadsToTheNewestChunkIsOverwrittenWhenTheHeaderNamesThat() throws IOException {
        writeThreeChunksOfWhichTheHeaderNamesTheFirst();
        String second = now().seenAt(4);
        write(4, chunk(4, NO_NEXT));
        assertHeaderNamesTheThirdBefore(second, 4);
    }

    @Test
    void soItIsWhereAChunkLapsOverTwo() throws IOException {
        writeThreeChunksOfWhichTheHeaderNamesTheFirst();
        String endOfFirst = now().seenAt(3);
        write(3, chunk(4, NO_NEXT));
        assertHeaderNamesTheThirdBefore(endOfFirst, 3);
    }

    @Test
    void soItIsInAFileThatWasOpenedAgain() throws IOException {
        writeThreeChunksOfWhichTheHeaderNamesTheFirst();
        ordered.close();
        open();
        String first = now().seenAt(2);
        write(2, chunk(4, NO_NEXT));
        assertHeaderNamesTheThirdBefore(first, 2);
    }

    @Test
    void whatWasFoundOnOpeningDoesNotCountWhenItIsNotWhatH2FoundThere() throws IOException {
        writeThreeChunksOfWhichTheHeaderNamesTheFirst();
        ordered.close();
        open();
        write(8, chunk(2, NO_NEXT)); // after the first one then
        write(4, chunk(3, NO_NEXT));
        assertTrue(now().seen.startsWith(new String(header(2, 1), ISO_8859_1).substring(0, 100)));
    }

    @Test
    void aChunkInFreeSpaceNeedsNoOtherHeader() throws IOException {
        writeThreeChunksOfWhichTheHeaderNamesTheFirst();
        write(8, chunk(4, NO_NEXT));
        assertTrue(now().seen.startsWith(new String(header(2, 1), ISO_8859_1).substring(0, 100)));
    }

    @Test
    void aFileIsCutOffWhenAllIsOnDisk() throws IOException {
        writeThreeChunksOfWhichTheHeaderNamesTheFirst();
        write(0, header(4, 2));
        ordered.truncate(6L * BLOCK);
        Moment last = moments.get(moments.size() - 1);
        assertEquals(last.seen, last.durable);
        assertEquals(6L * BLOCK, ordered.size());
    }

    @Test
    void aBufferCanBeReadToItsEndWhileItIsWritten() throws IOException {
        ByteBuffer source = ByteBuffer.wrap(chunk(1, NO_NEXT));
        List<Integer> limits = new ArrayList<>();
        LossyDisk.under(file).watch(() -> limits.add(source.limit()));
        ordered.write(source, 2L * BLOCK);
        LossyDisk.under(file).watch(() -> {});
        assertEquals(Set.of(2 * BLOCK), Set.copyOf(limits));
        assertEquals(0, source.remaining());
    }

    @Test
    void afterAForceThatFailedNothingIsWrittenAnyMore() throws IOException {
        write(2, chunk(1, NO_NEXT));
        LossyDisk.under(file).watch(() -> {
            throw new UncheckedIOException(new IOException("no disk"));
        });
        assertThrows(UncheckedIOException.class, () -> ordered.force(true));
        LossyDisk.under(file).watch(() -> {});
        assertThrows(IOException.class, () -> ordered.force(true));
        assertThrows(IOException.class, () -> write(4, chunk(2, NO_NEXT)));
        assertThrows(IOException.class, () -> ordered.truncate(0));
        assertEquals(now().seen.length(), 4 * BLOCK);
    }

    @Test
    void newFilesAreForTheirOwnerAlone() throws IOException {
        FilePath made = FilePath.get("ordered:" + folder.resolve("made"));
        assertTrue(made.createFile());
        assertFalse(made.createFile());
        for (Path path : List.of(file, folder.resolve("made"))) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        }
    }
}
