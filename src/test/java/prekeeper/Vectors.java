package prekeeper;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The test vectors: those of the folder that the system property {@code prekeeper.vectors} names, else those that stand on
 * the class path.
 */
public final class Vectors {
    private static final String FOLDER_PROPERTY = "prekeeper.vectors";

    private Vectors() {}

    /**
     * Vector files by name.
     *
     * @param glob such as {@code flow-*.json}
     * @return at least one
     * @throws AssertionError when there is none: a test over nothing proves nothing
     */
    public static SortedMap<String, JsonObject> matching(String glob) {
        Path folder = folder();
        SortedMap<String, JsonObject> vectors = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
            for (Path file : files) {
                vectors.put(
                        file.getFileName().toString(),
                        JsonParser.parseString(Files.readString(file)).getAsJsonObject());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("vectors in " + folder, e);
        }
        if (vectors.isEmpty()) {
            throw new AssertionError("no vectors named " + glob + " in " + folder);
        }
        return vectors;
    }

    private static Path folder() {
        String named = System.getProperty(FOLDER_PROPERTY);
        if (named != null) {
            return Path.of(named);
        }
        URL resource = Vectors.class.getResource("/vectors");
        if (resource == null) {
            throw new AssertionError("no folder vectors on the class path, and -D" + FOLDER_PROPERTY + " is not set");
        }
        try {
            return Path.of(resource.toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError("vectors at " + resource, e);
        }
    }
}
