package prekeeper.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jdbi.v3.core.JdbiException;

/**
 * Makes the file of a backup: new, for its owner alone, and removed when it did not become whole. Only a process that is killed
 * meanwhile leaves a part, which does not unpack.
 */
final class BackupFile {

    private BackupFile() {}

    /** Writes over a file that is there already, empty. */
    interface Writer {
        void writeOver(Path file) throws IOException;
    }

    /**
     * Makes {@code file} with what {@code writer} writes.
     *
     * @throws StorageException in one line: what failed, where, and what to do; the file is gone then, if it was ours
     */
    static void write(Path file, Writer writer) {
        refuseStrangePath(file);
        make(file);
        boolean complete = false;
        try {
            writer.writeOver(file);
            force(file);
            Folders.force(file.getParent());
            complete = true;
        } catch (IOException failed) {
            throw failure(file, reason(failed) + "; check the disk", failed);
        } catch (JdbiException failed) {
            String text = Failures.sqlError(failed).orElseThrow(() -> failed).getMessage();
            throw failure(file, Failures.firstLine(text) + "; check the disk", failed);
        } finally {
            if (!complete) {
                remove(file);
            }
        }
    }

    /** H2 reads every backslash as a slash, so it would write elsewhere. */
    private static void refuseStrangePath(Path file) {
        String path = file.toString();
        boolean isStrange = path.chars().anyMatch(Character::isISOControl)
                || (path.indexOf('\\') >= 0
                        && !file.getFileSystem().getSeparator().equals("\\"));
        if (isStrange) {
            throw new StorageException(
                    "can not back up to a path with a backslash or a control character; name another file", null);
        }
        if (!file.isAbsolute()) {
            throw failure(file, "the path is relative; name it from the root of the file system", null);
        }
    }

    private static void make(Path file) {
        try {
            Files.createFile(file, OwnerOnly.file(file));
        } catch (FileAlreadyExistsException inTheWay) {
            throw failure(file, "something is there already; name another file", inTheWay);
        } catch (NoSuchFileException missing) {
            throw failure(file, "its folder does not exist; make it, or name a file in another one", missing);
        } catch (AccessDeniedException denied) {
            throw failure(file, "may not write there; give the folder to the user that the server runs as", denied);
        } catch (IOException failed) {
            throw failure(file, reason(failed) + "; check the disk and the folder", failed);
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            throw failure(file, "and can not remove the part that was written; remove it", left);
        }
    }

    private static String reason(IOException failed) {
        boolean knows = failed instanceof FileSystemException system && system.getReason() != null;
        return Failures.firstLine(knows ? ((FileSystemException) failed).getReason() : failed.getMessage());
    }

    private static StorageException failure(Path file, String why, Throwable cause) {
        return new StorageException("can not back up to " + file + ": " + why, cause);
    }
}
