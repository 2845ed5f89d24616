package prekeeper.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A backup ({@link Inventory#backUp}) that was unpacked in a folder of its own, for its owner alone, to be looked at or put in the
 * place of a database. Closing it removes what is still in the folder.
 */
public final class UnpackedBackup implements AutoCloseable {
    private static final String NAME = "prekeys";

    /** What a zip of H2's has: the file of a database, by its name alone. */
    private static final Pattern ENTRY = Pattern.compile("[^/\\\\:]+" + Pattern.quote(H2Files.SUFFIX));

    private static final String MAY_NOT_READ =
            "this user may not read it; put it into a folder that the user may enter, and chown it to the user";

    private static final int BUFFER_BYTES = 1 << 16;

    private final Path folder;
    private final Path database;

    private UnpackedBackup(Path folder) {
        this.folder = folder;
        this.database = folder.resolve(NAME + H2Files.SUFFIX);
    }

    /**
     * Unpacks {@code backup} in a new folder inside {@code beside}; it is on disk then.
     *
     * @throws StorageException in one line for the administrator; nothing is left then
     */
    public static UnpackedBackup of(Path backup, Path beside) {
        refuseWhatCanNotBeRead(backup);
        UnpackedBackup unpacked;
        try {
            unpacked =
                    new UnpackedBackup(Files.createTempDirectory(beside, "." + NAME + "-", OwnerOnly.folder(beside)));
        } catch (IOException denied) {
            throw failure(
                    backup,
                    "may not make a folder in " + beside + " to unpack it; run this as a user that may",
                    denied);
        }
        try {
            unpacked.unpack(backup);
            return unpacked;
        } catch (IOException wrong) {
            unpacked.close();
            throw failure(
                    backup,
                    "not a whole backup, or no room to unpack it (" + Failures.firstLine(wrong.getMessage())
                            + "); check the disk, or take another backup",
                    wrong);
        } catch (RuntimeException told) {
            unpacked.close();
            throw told;
        }
    }

    private static void refuseWhatCanNotBeRead(Path backup) {
        try {
            if (!Files.readAttributes(backup, BasicFileAttributes.class).isRegularFile()) {
                throw failure(backup, "is no file", null);
            }
        } catch (NoSuchFileException missing) {
            throw failure(backup, "no such file", missing);
        } catch (IOException denied) {
            throw failure(backup, MAY_NOT_READ, denied);
        }
        if (!Files.isReadable(backup)) {
            throw failure(backup, MAY_NOT_READ, null);
        }
    }

    private void unpack(Path backup) throws IOException {
        try (ZipFile zip = new ZipFile(backup.toFile())) { // whose list stands at the end: what was cut has none
            List<? extends ZipEntry> entries = zip.stream().toList();
            if (entries.size() != 1 || !ENTRY.matcher(entries.get(0).getName()).matches()) {
                throw failure(
                        backup, "no backup of a store: a zip of one file NAME" + H2Files.SUFFIX + " expected", null);
            }
            copy(zip, entries.get(0));
        }
        Folders.force(folder);
    }

    /** ZipFile checks no checksum by itself. */
    private void copy(ZipFile zip, ZipEntry entry) throws IOException {
        CRC32 checksum = new CRC32();
        long left = entry.getSize();
        try (InputStream in = zip.getInputStream(entry);
                FileChannel out = FileChannel.open(
                        database,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        OwnerOnly.file(database))) {
            byte[] buffer = new byte[BUFFER_BYTES];
            int read = in.read(buffer);
            while (read > 0 && left >= read) {
                checksum.update(buffer, 0, read);
                ByteBuffer rest = ByteBuffer.wrap(buffer, 0, read);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
                left -= read;
                read = in.read(buffer);
            }
            if (read > 0 || left != 0 || checksum.getValue() != entry.getCrc()) {
                throw new IOException("its checksum is wrong");
            }
            out.force(true);
        }
    }

    /** What opens it, once: the user and password of {@code settings}, and nothing else of them. */
    public StoreSettings settings(StoreSettings settings) {
        return new StoreSettings(
                StoreSettings.FILE_URL + folder.resolve(NAME), settings.user(), settings.password(), Optional.empty());
    }

    /**
     * Puts it, closed and on disk, where a database is expected, at once or not at all.
     *
     * @throws StorageException in one line for the administrator, also when something is there
     */
    public void moveTo(Path target) {
        try {
            try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.createLink(target, database); // unlike a rename, never replaces what is there
            Folders.force(target.toAbsolutePath().getParent());
        } catch (FileAlreadyExistsException inTheWay) {
            throw new StorageException(H2Files.inTheWay(target), inTheWay);
        } catch (IOException | UnsupportedOperationException failed) {
            throw new StorageException(
                    "can not put a database at " + target + ": " + Failures.firstLine(failed.getMessage())
                            + "; check the disk and the folder",
                    failed);
        }
    }

    @Override
    public void close() {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (NoSuchFileException gone) {
            return; // closed before
        } catch (IOException stays) {
            throw new StorageException("can not remove " + folder + ", where a backup was unpacked; remove it", stays);
        }
    }

    private static StorageException failure(Path backup, String why, Throwable cause) {
        return new StorageException("can not unpack " + backup + ": " + why, cause);
    }
}
