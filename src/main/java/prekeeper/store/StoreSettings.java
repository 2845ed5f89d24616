package prekeeper.store;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import prekeeper.crypto.SecretBytes;

/**
 * Which database keeps the prekeys.
 *
 * @param url {@code jdbc:h2:file:} and a path without the ending {@code .mv.db}, or {@code jdbc:h2:mem:} and a name, without
 *     {@code ;SETTING=...} behind it, since the store sets what its promises rest on; or
 *     {@code jdbc:postgresql://HOST[:PORT][,HOST...]/DATABASE}, with {@code ?PARAMETER=...} for TLS and for the choice of a host
 * @param user who owns the database; the first one to open a new database of H2 becomes its owner
 * @param password UTF-8
 * @param takingsFile where the store notes how far it has taken prekey messages out, so that an older database is noticed;
 *     absolute. Without one it is not
 */
public record StoreSettings(
        String url, Optional<String> user, Optional<SecretBytes> password, Optional<Path> takingsFile) {
    static final String FILE_URL = "jdbc:h2:file:";
    static final String MEMORY_URL = "jdbc:h2:mem:";
    static final String POSTGRES_URL = "jdbc:postgresql://";

    private static final String ALLOWED =
            FILE_URL + "PATH, " + MEMORY_URL + "NAME and " + POSTGRES_URL + "HOST[:PORT]/DATABASE";

    private static final Pattern POSTGRES =
            Pattern.compile(Pattern.quote(POSTGRES_URL) + "[\\w.:,\\[\\]-]+/[^/?&;\\s]+(?:\\?(?<parameters>\\S*))?");

    /** Of pgjdbc; the others are ours to set, or would be passwords. */
    private static final Set<String> PARAMETERS = Set.of(
            "sslmode", "sslrootcert", "sslcert", "sslkey", "targetServerType", "hostRecheckSeconds", "currentSchema");

    /** What may precede the colon of a URL; anything else in an error could be a password. */
    private static final Pattern SCHEME = Pattern.compile("^(?:[a-z0-9]+:)*");

    /** @throws IllegalArgumentException when {@code url} is none that the store can open; the text says which are allowed */
    public StoreSettings {
        if (!names(url, FILE_URL)
                && !names(url, MEMORY_URL)
                && !POSTGRES.matcher(url).matches()) {
            throw new IllegalArgumentException(
                    "database url " + shown(url) + " is not supported, allowed are " + ALLOWED);
        }
        if (url.indexOf(';') >= 0) {
            throw new IllegalArgumentException("database url " + shown(url)
                    + " has settings behind a semicolon, allowed are " + ALLOWED + " without any");
        }
        checkParameters(url);
    }

    /** Without a takings file. */
    public StoreSettings(String url, Optional<String> user, Optional<SecretBytes> password) {
        this(url, user, password, Optional.empty());
    }

    /** These settings with a relative path of an H2 database counted from {@code folder}; one that begins with ~/ is none. */
    public StoreSettings from(Path folder) {
        if (!url.startsWith(FILE_URL) || url.startsWith(FILE_URL + "~/")) {
            return this;
        }
        Path file = folder.toAbsolutePath().resolve(url.substring(FILE_URL.length()));
        return new StoreSettings(FILE_URL + file.normalize(), user, password, takingsFile);
    }

    /** These settings with another takings file. */
    public StoreSettings withTakingsFile(Path file) {
        return new StoreSettings(url, user, password, Optional.of(file));
    }

    /** Whether the database is one of PostgreSQL, or of an engine that speaks as it does. */
    public boolean isPostgres() {
        return url.startsWith(POSTGRES_URL);
    }

    private static void checkParameters(String url) {
        Matcher postgres = POSTGRES.matcher(url);
        String parameters = postgres.matches() ? postgres.group("parameters") : null;
        if (parameters != null) {
            Stream.of(parameters.split("&", -1))
                    .filter(parameter -> !PARAMETERS.contains(parameter.replaceFirst("=.*", "")))
                    .findFirst()
                    .ifPresent(other -> {
                        throw new IllegalArgumentException("database url " + shown(url)
                                + " has a parameter that is not supported, allowed are "
                                + PARAMETERS.stream().sorted().collect(Collectors.joining(", "))
                                + "; user and password are settings of their own");
                    });
        }
    }

    private static boolean names(String url, String scheme) {
        return url.startsWith(scheme) && url.length() > scheme.length();
    }

    private static String shown(String url) {
        var scheme = SCHEME.matcher(url);
        return scheme.find() ? scheme.group() + "..." : "...";
    }
}
