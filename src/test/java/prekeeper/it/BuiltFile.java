package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the build leaves beside the server's jar, by the end of its name, since the version is in the middle. */
final class BuiltFile {

    private BuiltFile() {}

    /** The only such file. */
    static Path endingWith(String end) throws IOException {
        Path folder =
                Path.of(System.getProperty("prekeeper.jar")).toAbsolutePath().getParent();
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(end)).toList();
            assertEquals(1, found.size(), "one " + end + " expected in " + folder + "; mvn clean removes older ones");
            return found.get(0);
        }
    }
}
