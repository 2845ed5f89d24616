package prekeeper.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A file system for H2 whose power can be cut: {@code lossy:PATH}. The file at that path is what a running process sees;
 * {@link Disk#cut} makes the file that would be found after the power came back.
 *
 * <p>What the last completed force covered is kept. Of everything later each block is kept or lost at random, whatever the
 * order it was written in, and so is a truncation. The name of a file is never lost. The disk can also {@linkplain Disk#refuse
 * refuse} what it is asked for. Public since H2 makes its instances.
 *
 * <p>All disks have one power supply: whoever cuts several from within a {@linkplain Disk#watch watcher} cuts them at the same moment.
 */
public final class LossyDisk extends FilePathWrapper {
    static final String SCHEME = "lossy";

    private static final Map<Path, Disk> DISKS = new ConcurrentHashMap<>();

    /** Held by every change of any file and by every cut, so that each is one moment for all of them. */
    private static final Object POWER = new Object();

    /** Makes the scheme known to H2; again does nothing. */
    static void register() {
        FilePath.register(new LossyDisk());
    }

    /** The disk under a file, made with what is in that file now when there was none. */
    static Disk under(Path file) {
        return DISKS.computeIfAbsent(file.toAbsolutePath().normalize(), Disk::new);
    }

    /** Forgets what lies under a file, which is closed. */
    static void forget(Path file) throws IOException {
        Disk disk = DISKS.remove(file.toAbsolutePath().normalize());
        if (disk != null) {
            disk.durable.close();
            Files.delete(disk.copy);
        }
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        FileChannel seen = super.open(mode);
        return mode.equals("r") ? seen : over(seen, Path.of(getBase().toString()));
    }

    /** Opens a file that exists, to be read and written without H2. */
    static FileChannel open(Path file) throws IOException {
        return over(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE), file);
    }

    private static FileChannel over(FileChannel seen, Path file) {
        return new Channel(seen, under(file));
    }

    @Override
    public void moveTo(FilePath newName, boolean atomicReplace) {
        throw new UnsupportedOperationException("renames of a file that can lose its contents");
    }

    /** What a disk does not do. */
    enum Refusal {
        NOTHING,

        /** As when it is full. */
        WRITES,

        /** And it forgets what was written since the last force that it did, as Linux does with pages that it could not write. */
        FORCES
    }

    /** What is sure to be on disk, and what is not yet. */
    static final class Disk {
        private static final int[] BLOCK_BYTES = {512, 4096};
        private static final double[] KEPT = {0.02, 0.5, 0.5, 0.98};

        /** A real system writes by itself too, when it has much to write. */
        private static final int MOST_PENDING_BYTES = 64 << 20;

        private static final long FORCE_NANOS = 100_000;

        private final Path copy;
        private final FileChannel durable;
        private final ArrayDeque<Change> pending = new ArrayDeque<>();
        private long pendingBytes;
        private long changes;
        private long durableChanges;
        private long seenBytes;
        private Runnable watcher = () -> {};
        private Refusal refusal = Refusal.NOTHING;

        Disk(Path file) {
            this.copy = Path.of(file + ".durable");
            try {
                Files.deleteIfExists(copy);
                if (Files.exists(file)) {
                    Files.copy(file, copy);
                }
                this.durable = FileChannel.open(
                        copy, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                this.seenBytes = durable.size();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        /** Runs before each change and each force; nothing changes on any disk while it does. */
        void watch(Runnable watcher) {
            synchronized (POWER) {
                this.watcher = watcher;
            }
        }

        /** From now on. */
        void refuse(Refusal refused) {
            synchronized (POWER) {
                this.refusal = refused;
            }
        }

        /** Makes {@code image}: the file as it may be found if the power fails now. */
        void cut(Random random, Path image) throws IOException {
            synchronized (POWER) {
                cutNow(random, image);
            }
        }

        private void cutNow(Random random, Path image) throws IOException {
            int blockBytes = BLOCK_BYTES[random.nextInt(BLOCK_BYTES.length)];
            double kept = KEPT[random.nextInt(KEPT.length)];
            boolean keepsLength = random.nextBoolean();
            try (FileChannel found = FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                durable.position(0);
                found.transferFrom(durable, 0, durable.size());
                for (Change change : pending) {
                    for (Change part : change.parts(blockBytes)) {
                        if (random.nextDouble() < kept) {
                            part.apply(found);
                        }
                    }
                }
                if (keepsLength && found.size() < seenBytes) { // of which the contents were not written
                    found.write(ByteBuffer.allocate(1), seenBytes - 1);
                }
            }
        }

        private void write(FileChannel seen, long position, ByteBuffer source) throws IOException {
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            change(seen, new Change(position, bytes));
        }

        private void truncate(FileChannel seen, long length) throws IOException {
            change(seen, new Change(length, null));
        }

        private void change(FileChannel seen, Change change) throws IOException {
            synchronized (POWER) {
                watcher.run();
                if (refusal == Refusal.WRITES) {
                    throw new IOException("No space left on device");
                }
                change.apply(seen);
                seenBytes = seen.size();
                pending.add(change);
                pendingBytes += change.length();
                changes++;
                while (pendingBytes > MOST_PENDING_BYTES) {
                    makeDurable(durableChanges + 1);
                }
            }
        }

        private void force() throws IOException {
            long covered;
            synchronized (POWER) {
                watcher.run();
                if (refusal == Refusal.FORCES) {
                    pending.clear();
                    pendingBytes = 0;
                    durableChanges = changes;
                    throw new IOException("Input/output error");
                }
                covered = changes;
            }
            LockSupport.parkNanos(FORCE_NANOS);
            synchronized (POWER) {
                makeDurable(covered);
            }
        }

        /** The first {@code covered} of all changes, as far as they are not durable already. */
        private void makeDurable(long covered) throws IOException {
            while (durableChanges < covered) {
                Change change = pending.remove();
                pendingBytes -= change.length();
                change.apply(durable);
                durableChanges++;
            }
        }
    }

    /** Bytes that were written, or, without bytes, a length that was truncated to. */
    private static final class Change {
        private final long position;
        private final byte[] bytes;

        Change(long position, byte[] bytes) {
            this.position = position;
            this.bytes = bytes;
        }

        int length() {
            return bytes == null ? 0 : bytes.length;
        }

        List<Change> parts(int blockBytes) {
            if (bytes == null) {
                return List.of(this);
            }
            List<Change> parts = new ArrayList<>();
            for (int from = 0; from < bytes.length; ) {
                int toBorder = blockBytes - (int) ((position + from) % blockBytes);
                int to = Math.min(bytes.length, from + toBorder);
                parts.add(new Change(position + from, Arrays.copyOfRange(bytes, from, to)));
                from = to;
            }
            return parts;
        }

        void apply(FileChannel file) throws IOException {
            if (bytes == null) {
                file.truncate(position);
                return;
            }
            ByteBuffer source = ByteBuffer.wrap(bytes);
            while (source.hasRemaining()) {
                file.write(source, position + source.position());
            }
        }
    }

    private static final class Channel extends FileBaseDefault {
        private final FileChannel seen;
        private final Disk disk;

        Channel(FileChannel seen, Disk disk) {
            this.seen = seen;
            this.disk = disk;
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the power has a lock
        public int write(ByteBuffer source, long position) throws IOException {
            int length = source.remaining();
            disk.write(seen, position, source);
            return length;
        }

        @Override
        protected void implTruncate(long length) throws IOException {
            if (length < seen.size()) {
                disk.truncate(seen, length);
            }
        }

        @Override
        public void force(boolean metadata) throws IOException {
            disk.force();
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // as in a real file
        public int read(ByteBuffer target, long position) throws IOException {
            return seen.read(target, position);
        }

        @Override
        public long size() throws IOException {
            return seen.size();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return seen.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            seen.close();
        }
    }
}
