package prekeeper.store;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Permissions that new files and folders are made with, where the file system has such. */
public final class OwnerOnly {

    private OwnerOnly() {}

    /** What makes a folder its owner's alone. */
    public static FileAttribute<?>[] folder(Path path) {
        return permissions(path, "rwx------");
    }

    /** What makes a file its owner's alone. */
    public static FileAttribute<?>[] file(Path path) {
        return permissions(path, "rw-------");
    }

    static boolean isPossible(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static FileAttribute<?>[] permissions(Path path, String permissions) {
        if (!isPossible(path)) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }
}
