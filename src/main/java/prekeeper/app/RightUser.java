package prekeeper.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import prekeeper.server.SetupException;
import prekeeper.store.H2Files;
import prekeeper.store.StoreSettings;

/** Files that root makes in a folder of the server's user are closed to the server, which does not start any more. */
final class RightUser {
    private static final String ROOT = "root";

    private RightUser() {}

    /**
     * Lets everybody pass but root where the folder of an embedded database is somebody else's.
     *
     * @throws SetupException says as whom to run
     */
    static void require(StoreSettings settings) throws SetupException {
        Optional<Path> folder = H2Files.database(settings).map(Path::getParent).filter(Files::isDirectory);
        if (folder.isPresent() && ROOT.equals(System.getProperty("user.name"))) {
            String owner = owner(folder.get());
            if (!owner.equals(ROOT)) {
                throw new SetupException(
                        folder.get() + " belongs to " + owner + ", to whom files that root makes there are closed",
                        "run it as that user: sudo -u " + owner + " prekeeper ...");
            }
        }
    }

    private static String owner(Path folder) {
        try {
            return Files.getOwner(folder).getName();
        } catch (IOException | UnsupportedOperationException e) {
            return ROOT; // whoever opens the files finds out
        }
    }
}
