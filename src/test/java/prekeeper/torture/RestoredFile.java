package prekeeper.torture;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Of three deaths, the first has the database file copied, and the second has that copy put back. */
final class RestoredFile implements Mishaps {
    private static final int CYCLE = 3;

    private final Path file;
    private final Path copy;
    private int deaths;

    RestoredFile(Path file) {
        this.file = file;
        this.copy = file.resolveSibling("copy-of-" + file.getFileName());
    }

    @Override
    public boolean whileItLiesDead() throws IOException {
        int turn = deaths++ % CYCLE;
        if (turn == 0 && Files.exists(file)) { // killed early it may not have made it yet
            Files.copy(file, copy, REPLACE_EXISTING);
        }
        boolean putBack = turn == 1 && Files.exists(copy);
        if (putBack) {
            Files.copy(copy, file, REPLACE_EXISTING);
        }
        return putBack;
    }
}
