package prekeeper.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Where the file of an embedded database is. */
public final class H2Files {
    static final String SUFFIX = ".mv.db";
    private static final String CONTROL_SUFFIX = ".control";

    private H2Files() {}

    /** The file that {@code settings} name, whether it is there or not; empty when they name no file. */
    public static Optional<Path> database(StoreSettings settings) {
        return path(settings, SUFFIX);
    }

    /** Where the server that has the database open listens for commands. */
    public static Optional<Path> control(StoreSettings settings) {
        return path(settings, CONTROL_SUFFIX);
    }

    /**
     * Makes sure that a database can be put at {@code file}: makes its folder, for its owner alone, and looks whether something is
     * there.
     *
     * @throws StorageException in one line for the administrator
     */
    public static void makeRoomFor(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new StorageException(inTheWay(file), null);
        }
        Path folder = file.getParent();
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, OwnerOnly.folder(folder));
            }
        } catch (IOException failed) {
            throw new StorageException(
                    "can not make folder " + folder + " for the database: " + failed.getMessage()
                            + "; make it, and give it to the user that the server runs as",
                    failed);
        }
    }

    static String inTheWay(Path file) {
        return "a database is there already: " + file + "; stop the server, and move it away";
    }

    private static Optional<Path> path(StoreSettings settings, String suffix) {
        String url = settings.url();
        if (!url.startsWith(StoreSettings.FILE_URL)) {
            return Optional.empty();
        }
        String path = url.substring(StoreSettings.FILE_URL.length());
        String expanded = path.startsWith("~/") ? System.getProperty("user.home") + path.substring(1) : path;
        return Optional.of(Path.of(expanded + suffix).toAbsolutePath().normalize());
    }
}
