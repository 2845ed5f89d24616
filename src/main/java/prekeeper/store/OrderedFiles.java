package prekeeper.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
 *   <li>all that was written before, since a chunk may take the place of what only an older state needs;
 *   <li>a chunk without its first sector;
 *   <li>its first sector, which makes a chunk of it;
 *   <li>the header.
 * </ol>
 *
 * <p>Only {@link FileChannel#force} makes the last step durable. After a force that failed nobody knows what is on disk, so
 * the file refuses every later write and force until it is opened anew.
 *
 * <p>New files are for their owner alone, and their names are on disk before their contents. Public since H2 makes its
 * instances.
 */
public final class OrderedFiles extends FilePathWrapper {
    static final String SCHEME = "ordered";

    /** Two copies of H2's header, a block of 4 KiB each. */
    private static final int HEADER_BYTES = 2 * 4096;

    /** What a disk writes as a whole or not at all. */
    private static final int SECTOR_BYTES = 512;

    /** Makes the scheme known to H2; again does nothing. */
    static void register() {
        FilePath.register(new OrderedFiles());
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        boolean isWritten = !mode.equals("r");
        if (isWritten) {
            make();
        }
        return new Channel(super.open(mode), name);
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
            forceFolder(disk());
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
        forceFolder(file);
        return true;
    }

    private static void forceFolder(Path file) throws IOException {
        if (OwnerOnly.isPossible(file)) { // the other systems do not open folders
            try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
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

        private boolean hasUnforced;
        private boolean isBroken;

        Channel(FileChannel base, String name) {
            this.base = base;
            this.name = name;
        }

        @Override
        public synchronized int write(ByteBuffer source, long position) throws IOException {
            int length = source.remaining();
            forceEarlier();
            if (position >= HEADER_BYTES && length > SECTOR_BYTES) {
                ByteBuffer body = source.duplicate();
                body.position(body.position() + SECTOR_BYTES);
                writeAll(body, position + SECTOR_BYTES);
                forceEarlier();
                source.limit(source.position() + SECTOR_BYTES);
                writeAll(source, position);
                source.limit(source.position() + length - SECTOR_BYTES);
                source.position(source.limit());
            } else {
                writeAll(source, position);
            }
            return length;
        }

        private void writeAll(ByteBuffer source, long position) throws IOException {
            hasUnforced = true;
            for (long to = position; source.hasRemaining(); ) {
                to += base.write(source, to);
            }
        }

        @Override
        protected synchronized void implTruncate(long size) throws IOException {
            forceEarlier();
            hasUnforced = true;
            base.truncate(size);
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
            base.force(metadata);
            isBroken = false;
            hasUnforced = false;
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
    }
}
