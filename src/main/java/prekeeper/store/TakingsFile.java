package prekeeper.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * A number on disk, outside of the database, that only grows: two blocks of 4,096 bytes, written in turn, so that a write that the power
 * ends leaves the other one. Each begins with a line, and is filled up with spaces:
 *
 * <pre>prekeeper-takings-1 SERVER NUMBER CHECKSUM</pre>
 *
 * <p>SERVER is a name that the file was given when it was made (32 hexadecimal digits), NUMBER has 20 decimal digits, CHECKSUM is the
 * CRC-32C of what stands before it, without the space, in 8 hexadecimal digits. The valid block with the larger number counts.
 *
 * <p>Held by one process at a time. Not thread-safe.
 */
final class TakingsFile implements AutoCloseable {
    private static final int BLOCK_BYTES = 4096;
    private static final int BLOCKS = 2;
    private static final Pattern LINE =
            Pattern.compile("(prekeeper-takings-1 ([0-9a-f]{32}) ([0-9]{20})) ([0-9a-f]{8})");

    private final Path file;
    private final FileChannel channel;
    private final String server;
    private long number;

    private TakingsFile(Path file, FileChannel channel, Content content) {
        this.file = file;
        this.channel = channel;
        this.server = content.server();
        this.number = content.number();
    }

    /**
     * Opens the file, or makes it, with a new name and the number 0, durably and for its owner alone.
     *
     * @throws StorageException in one line: what is wrong with the file, and what to do
     */
    static TakingsFile open(Path file) {
        return open(file, path -> FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** The same on another disk. */
    static TakingsFile open(Path file, Disk disk) {
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            FileChannel channel = disk.open(file);
            try {
                lock(file, channel);
                return new TakingsFile(file, channel, read(file, channel));
            } catch (IOException | RuntimeException failed) {
                channel.close();
                throw failed;
            }
        } catch (AccessDeniedException denied) {
            throw failure(file, "may not be read and written; give it to the user that the server runs as", denied);
        } catch (IOException failed) {
            throw failure(file, "can not be opened (" + failed + "); check its folder and the disk", failed);
        }
    }

    /** Who this file speaks of. */
    String server() {
        return server;
    }

    /** What was written last. */
    long number() {
        return number;
    }

    /** Writes a number, and returns when it is on disk. */
    void write(long next) {
        try {
            ByteBuffer block = block(server, next);
            long position = Math.floorMod(next, BLOCKS) * (long) BLOCK_BYTES;
            while (block.hasRemaining()) {
                position += channel.write(block, position);
            }
            channel.force(false); // its size never changes
            number = next;
        } catch (IOException failed) {
            throw failure(file, "can not be written (" + failed + "); check the disk", failed);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException left) {
            throw failure(file, "can not be closed (" + left + ")", left);
        }
    }

    private static void make(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path draft = folder.resolve(file.getFileName() + "." + UUID.randomUUID() + ".new");
        String server = UUID.randomUUID().toString().replace("-", "");
        try (FileChannel out = FileChannel.open(
                draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OwnerOnly.file(draft))) {
            for (int block = 0; block < BLOCKS; block++) {
                ByteBuffer content = block(server, 0);
                while (content.hasRemaining()) {
                    out.write(content);
                }
            }
            out.force(true);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
        Folders.force(folder);
    }

    private static void lock(Path file, FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            lock = null;
        }
        if (lock == null) {
            throw failure(file, "is in use by another server; give each server a takings-file of its own", null);
        }
    }

    private static Content read(Path file, FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(BLOCKS * BLOCK_BYTES);
        while (content.hasRemaining() && channel.read(content, content.position()) >= 0) {
            // until it is full or the file ends
        }
        String text = new String(content.array(), US_ASCII);
        return IntStream.range(0, BLOCKS)
                .mapToObj(block -> text.substring(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES))
                .flatMap(block -> parse(block).stream())
                .max((one, other) -> Long.compare(one.number(), other.number()))
                .orElseThrow(() -> failure(
                        file,
                        "is damaged, so nothing tells whether the database is older than what was handed out: restore the file,"
                                + " or remove it and run prekeeper store restore --spend-only, which marks all prekey messages as spent",
                        null));
    }

    private static Optional<Content> parse(String block) {
        Matcher line = LINE.matcher(block.strip());
        if (!line.matches() || !checksum(line.group(1)).equals(line.group(4))) {
            return Optional.empty();
        }
        return Optional.of(new Content(line.group(2), Long.parseLong(line.group(3))));
    }

    private static ByteBuffer block(String server, long number) {
        String line = "prekeeper-takings-1 %s %020d".formatted(server, number);
        return ByteBuffer.wrap(
                "%-4095s\n".formatted(line + " " + checksum(line)).getBytes(US_ASCII));
    }

    private static String checksum(String line) {
        CRC32C crc = new CRC32C();
        crc.update(line.getBytes(US_ASCII));
        return "%08x".formatted(crc.getValue());
    }

    private static StorageException failure(Path file, String why, Throwable cause) {
        return new StorageException("takings file " + file + " " + why, cause);
    }

    /** Opens a file that exists. */
    interface Disk {
        FileChannel open(Path file) throws IOException;
    }

    private record Content(String server, long number) {}
}
