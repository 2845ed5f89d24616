package prekeeper.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which of this process's streams are at a terminal. Java tells of standard input and output together only, and from version 22
 * on not even that; Linux tells where each goes.
 */
final class Terminals {
    private static final int IN = 0;
    static final int ERR = 2;

    private Terminals() {}

    /** Where somebody can be asked. */
    @SuppressWarnings("SystemConsoleNull") // before Java 22; from then on it is the second question that tells
    static Optional<java.io.Console> console() {
        return Optional.ofNullable(System.console()).filter(there -> has(IN).orElse(true));
    }

    /** Whether the stream with that number is at one; empty where the system does not tell. */
    static Optional<Boolean> has(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return Optional.of(target.startsWith("/dev/pts/") || target.matches("/dev/(tty.*|console)"));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
