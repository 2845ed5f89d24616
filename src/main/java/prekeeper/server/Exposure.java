package prekeeper.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Who else can read a file with a secret in it. Says nothing where files have no POSIX permissions. */
public final class Exposure {
    private static final Set<PosixFilePermission> EVERYBODY =
            EnumSet.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);
    private static final Set<PosixFilePermission> ANYBODY_ELSE = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private Exposure() {}

    /** A warning when every user of the machine can read or write {@code file}; a group may, as packages do it for /etc. */
    static Optional<String> toEverybody(Path file) {
        return exposure(file, EVERYBODY, "every user of this machine", "o-rwx");
    }

    /** A warning when anybody but its owner can read or write {@code file}. */
    public static Optional<String> toAnybodyElse(Path file) {
        return exposure(file, ANYBODY_ELSE, "others than its owner", "go-rwx");
    }

    private static Optional<String> exposure(Path file, Set<PosixFilePermission> open, String who, String remedy) {
        try {
            Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
            permissions.addAll(Files.getPosixFilePermissions(file));
            permissions.retainAll(open);
            return permissions.isEmpty()
                    ? Optional.empty()
                    : Optional.of(file + ": open to " + who + "; run chmod " + remedy + " " + file);
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty(); // whoever reads the file says what is wrong with it
        }
    }
}
