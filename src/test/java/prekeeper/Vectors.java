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
     * Vector files by name. A named folder may hold some kinds only; the other kinds are those of the class path then.
     *
     * @param glob such as {@code flow-*.json}
     * @return at least one
     * @throws AssertionError when there is none, or none of any kind in a named folder: a test over nothing proves nothing
     */
    public static SortedMap<String, JsonObject> matching(String glob) {
        String named = System.getProperty(FOLDER_PROPERTY);
        if (named != null) {
            Path folder = Path.of(named);
            required(folder, "*.json");
            SortedMap<String, JsonObject> vectors = read(folder, glob);
            if (!vectors.isEmpty()) {
                return vectors;
            }
        }
        return required(bundled(), glob);
    }

    private static SortedMap<String, JsonObject> required(Path folder, String glob) {
        SortedMap<String, JsonObject> vectors = read(folder, glob);
        if (vectors.isEmpty()) {
            throw new AssertionError("no vectors named " + glob + " in " + folder);
        }
        return vectors;
    }

    private static SortedMap<String, JsonObject> read(Path folder, String glob) {
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
        return vectors;
    }

    private static Path bundled() {
        URL resource = Vectors.class.getResource("/vectors");
        if (resource == null) {
            throw new AssertionError("no folder vectors on the class path");
        }
        try {
            return Path.of(resource.toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError("vectors at " + resource, e);
        }
    }
}
