package prekeeper.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.h2.store.fs.disk.FilePathDisk;

/**
 * A file system for H2 that keeps the order of its writes where a power cut could mix them: {@code jdbc:h2:ordered:PATH}, or
 * {@code ordered:SCHEME:PATH} above another file system of H2.
 *
 * <p>H2 writes a file of chunks, and a header in its first two blocks that says where a recent chunk is. After a crash it
 * takes a chunk for whole when its first and its last bytes belong together, so it believes a torn one; and it looks for the
 * newest from the header on. Hence the order here, each step on disk before the next one begins:
 *
 * <ol>
 *   <li>all that was written before, since a chunk may take the place of what only an older state needs; and a header of our
 *       own, in the rare case that {@link RecoveryTrail} asks for one;
 *   <li>a chunk without its first sector;
 *   <li>its first sector, which makes a chunk of it;
 *   <li>the header.
 * </ol>
 *
 * <p>Only {@link FileChannel#force} makes the last step durable. What the disk refuses is tried again with {@link Patience}; after a
 * force that failed nobody knows what of the writes before it is on disk, so these are written again first. When there is no
 * patience left, the file refuses every later write and force until it is opened anew.
 *
 * <p>New files are for their owner alone, and their names are on disk before their contents. Public since H2 makes its
 * instances.
 */
public final class OrderedFiles extends FilePathWrapper {
    static final String SCHEME = "ordered";

    /** What may stand behind the scheme, so that one file has many names. */
    private static final Pattern NUMBER = Pattern.compile("^" + SCHEME + ":(?<number>#[0-9]+#)?");

    /** What a disk writes as a whole or not at all. */
    private static final int SECTOR_BYTES = 512;

    /** Makes the scheme known to H2; again does nothing. */
    static void register() {
        FilePath.register(new OrderedFiles());
    }

    /** Another name for what is named in {@code url}; 0 gives that one. */
    static String renamed(String url, int number) {
        return number == 0 ? url : url.replace(SCHEME + ":", SCHEME + ":#" + number + "#");
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    protected String getPrefix() {
        return prefix(name);
    }

    @Override
    protected FilePath unwrap(String path) {
        return FilePath.get(path.substring(prefix(path).length()));
    }

    private static String prefix(String path) {
        Matcher prefix = NUMBER.matcher(path);
        if (!prefix.find()) {
            throw new IllegalArgumentException("not of this file system: " + path);
        }
        return prefix.group();
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        boolean isWritten = !mode.equals("r");
        if (isWritten) {
            make();
        }
        FileChannel base = super.open(mode);
        return isWritten ? new Channel(base, name, RecoveryTrail.of(base), Patience.of(disk().toRealPath())) : base;
    }

    @Override
    public boolean createFile() {
        try {
            return make();
        } catch (IOException failed) {
            return super.createFile(); // which fails as well, or tries again
        }
    }

    @Override
    public OutputStream newOutputStream(boolean append) throws IOException {
        make();
        return super.newOutputStream(append);
    }

    /** H2 renames files when it has compacted one; the new one is on disk already. */
    @Override
    public void moveTo(FilePath newName, boolean atomicReplace) {
        super.moveTo(newName, atomicReplace);
        try {
            Folders.force(disk().toAbsolutePath().getParent());
        } catch (IOException failed) {
            throw new IllegalStateException("can not make the new name of " + name + " durable", failed);
        }
    }

    /** Whether the file was made; not when there was one. */
    private boolean make() throws IOException {
        Path file = disk();
        if (Files.exists(file)) {
            return false;
        }
        try {
            Files.createFile(file, OwnerOnly.file(file));
        } catch (FileAlreadyExistsException now) {
            return false;
        }
        Folders.force(file.toAbsolutePath().getParent());
        return true;
    }

    /** The file below all wrappers. */
    private Path disk() throws IOException {
        FilePath lowest = getBase();
        while (lowest instanceof FilePathWrapper wrapper) {
            lowest = wrapper.unwrap();
        }
        if (lowest instanceof FilePathDisk) {
            return Path.of(lowest.toString());
        }
        throw new IOException(name + " is not on a disk");
    }

    /** Its lock makes write, truncate and force one after the other; reads pass. */
    private static final class Channel extends FileBaseDefault {
        private final FileChannel base;
        private final String name;
        private final RecoveryTrail trail;
        private final Patience patience;

        /** What was written since the last force; it is little, as most is forced before the write returns. */
        private final List<Piece> unforced = new ArrayList<>();

        /** At first, too: a process that was killed may have written the file and not forced it. */
        private boolean hasUnforced = true;

        private boolean isBroken;

        Channel(FileChannel base, String name, RecoveryTrail trail, Patience patience) {
            this.base = base;
            this.name = name;
            this.trail = trail;
            this.patience = patience;
        }

        @Override
        public synchronized int write(ByteBuffer source, long position) throws IOException {
            int length = source.remaining();
            if (position < RecoveryTrail.HEADER_BYTES) {
                writeHeader(source, position);
            } else {
                writeChunk(source, position);
            }
            return length;
        }

        private void writeHeader(ByteBuffer source, long position) throws IOException {
            forceEarlier();
            writeAll(copy(source), position);
            trail.headerWritten(source);
            source.position(source.limit());
        }

        /** Before something between these places is overwritten or cut off. */
        private void keepTrail(long begin, long end) throws IOException {
            Optional<ByteBuffer> header = trail.headerBefore(begin, end);
            if (header.isPresent()) {
                writeHeader(header.get(), 0);
            }
            forceEarlier();
        }

        /** Meanwhile H2 may read pages out of {@code source}, up to its limit. */
        private void writeChunk(ByteBuffer source, long position) throws IOException {
            keepTrail(position, position + source.remaining());
            int head = Math.min(source.remaining(), SECTOR_BYTES);
            writeAll(source.slice(source.position() + head, source.remaining() - head), position + head);
            forceEarlier();
            writeAll(copy(source.slice(source.position(), head)), position);
            trail.chunkWritten(position, source);
            source.position(source.limit());
        }

        /** H2 uses its buffers again when a write has returned. */
        private static ByteBuffer copy(ByteBuffer source) {
            return ByteBuffer.allocate(source.remaining())
                    .put(source.duplicate())
                    .flip();
        }

        private void writeAll(ByteBuffer bytes, long position) throws IOException {
            if (bytes.hasRemaining()) {
                Piece piece = new Piece(bytes, position);
                hasUnforced = true;
                unforced.add(piece);
                patience.until(base, () -> write(piece));
            }
        }

        private void write(Piece piece) throws IOException {
            ByteBuffer rest = piece.bytes.duplicate();
            for (long to = piece.position; rest.hasRemaining(); ) {
                to += base.write(rest, to);
            }
        }

        @Override
        protected synchronized void implTruncate(long size) throws IOException {
            keepTrail(size, Long.MAX_VALUE);
            hasUnforced = true;
            patience.until(base, () -> base.truncate(size));
        }

        private void forceEarlier() throws IOException {
            if (hasUnforced || isBroken) {
                force(true);
            }
        }

        @Override
        public synchronized void force(boolean metadata) throws IOException {
            if (isBroken) {
                throw new IOException("an earlier force of " + name + " failed; it has to be opened anew");
            }
            isBroken = true;
            patience.until(base, () -> base.force(metadata), () -> forceAnew(metadata));
            isBroken = false;
            hasUnforced = false;
            unforced.clear();
        }

        private void forceAnew(boolean metadata) throws IOException {
            for (Piece piece : unforced) {
                write(piece);
            }
            base.force(metadata);
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // a reader does not wait for a force
        public int read(ByteBuffer target, long position) throws IOException {
            return base.read(target, position);
        }

        @Override
        public long size() throws IOException {
            return base.size();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return base.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            base.close();
        }

        @Override
        public String toString() {
            return name;
        }

        private record Piece(ByteBuffer bytes, long position) {}
    }
}
