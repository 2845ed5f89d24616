package prekeeper.client;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import prekeeper.crypto.SecretBytes;
import prekeeper.wire.InstanceTag;

/** A device in a file: written beside it, forced to disk, and moved over the old one. */
record SecretsFile(Path file) implements DeviceSecrets {

    @Override
    public void keep(InstanceTag device, SecretBytes secrets) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh); // of a process that ended here
        byte[] bytes = secrets.toByteArray();
        try (FileChannel out = FileChannel.open(fresh, Set.of(CREATE_NEW, WRITE), ownerOnly())) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        Files.move(fresh, file, ATOMIC_MOVE, REPLACE_EXISTING);
        forceFolder();
    }

    /** The move itself, where the system can do that. */
    private void forceFolder() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (isPosix()) {
            try (FileChannel entry = FileChannel.open(folder)) {
                entry.force(true);
            }
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return isPosix()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
