package prekeeper.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a file needs of its folder. */
public final class Folders {

    private Folders() {}

    /** Returns when the names of a folder's files are on disk: a file that was forced can still be without one. */
    public static void force(Path folder) throws IOException {
        if (OwnerOnly.isPossible(folder)) { // the other systems do not open folders
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }
}
