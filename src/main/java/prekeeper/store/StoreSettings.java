package prekeeper.store;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import prekeeper.crypto.SecretBytes;

/**
 * Which database keeps the prekeys.
 *
 * @param url {@code jdbc:h2:file:} and a path without the ending {@code .mv.db}, or {@code jdbc:h2:mem:} and a name; no
 *     {@code ;SETTING=...} behind it, since the store sets what its promises rest on
 * @param user who owns the database; the first one to open a new database becomes its owner
 * @param password UTF-8
 */
public record StoreSettings(String url, Optional<String> user, Optional<SecretBytes> password) {
    static final String FILE_URL = "jdbc:h2:file:";
    static final String MEMORY_URL = "jdbc:h2:mem:";

    /** What may precede the colon of a URL; anything else in an error could be a password. */
    private static final Pattern SCHEME = Pattern.compile("^(?:[a-z0-9]+:)*");

    /** @throws IllegalArgumentException when {@code url} is none that the store can open; the text says which are allowed */
    public StoreSettings {
        if (!names(url, FILE_URL) && !names(url, MEMORY_URL)) {
            throw new IllegalArgumentException("database url " + shown(url) + " is not supported, allowed are "
                    + FILE_URL + "PATH and " + MEMORY_URL + "NAME");
        }
        if (url.indexOf(';') >= 0) {
            throw new IllegalArgumentException("database url " + shown(url)
                    + " has settings behind a semicolon, allowed are " + FILE_URL + "PATH and " + MEMORY_URL
                    + "NAME without any");
        }
    }

    /** These settings with a relative path of the database counted from {@code folder}; one that begins with ~/ is none. */
    public StoreSettings from(Path folder) {
        if (!url.startsWith(FILE_URL) || url.startsWith(FILE_URL + "~/")) {
            return this;
        }
        Path file = folder.toAbsolutePath().resolve(url.substring(FILE_URL.length()));
        return new StoreSettings(FILE_URL + file.normalize(), user, password);
    }

    private static boolean names(String url, String scheme) {
        return url.startsWith(scheme) && url.length() > scheme.length();
    }

    private static String shown(String url) {
        var scheme = SCHEME.matcher(url);
        return scheme.find() ? scheme.group() + "..." : "...";
    }
}
