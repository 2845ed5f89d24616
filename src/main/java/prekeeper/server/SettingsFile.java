package prekeeper.server;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A HOCON file: parsed, its includes read, its substitutions filled in. */
final class SettingsFile {
    private SettingsFile() {}

    /**
     * Reads {@code file}; every value in it knows the file and line that it comes from.
     *
     * @throws SetupException when it can not be read or is no HOCON. The parser's own words quote what they stumbled over,
     *     which may be half a secret, and so are not passed on
     */
    static ConfigObject read(Path file, Map<String, String> environment) throws SetupException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            String what = Files.exists(file) ? "no file that this user can read" : "no such file";
            throw new SetupException(
                    file + ": " + what,
                    Files.exists(file)
                            ? "run it as a user who can, such as root or that of the server"
                            : "conf/prekeeper.conf is a commented example; copy it there and adapt it");
        }
        try {
            return ConfigFactory.parseFile(
                            file.toFile(),
                            ConfigParseOptions.defaults().setAllowMissing(false).setSyntax(ConfigSyntax.CONF))
                    .resolve(ConfigResolveOptions.noSystem().appendResolver(new Environment(environment)))
                    .root();
        } catch (ConfigException.UnresolvedSubstitution e) {
            throw new SetupException(List.of(place(file, e.origin())
                    + ": ${...} refers to no setting and no environment variable; ${?...} would leave it out"));
        } catch (ConfigException.Parse e) {
            throw new SetupException(List.of(place(file, e.origin())
                    + ": not valid HOCON here or in the line before; look for a missing quote, brace or bracket, and for"
                    + " special characters outside quotes"));
        } catch (ConfigException.IO e) {
            throw new SetupException(
                    List.of(place(file, e.origin()) + ": this file, or one that it includes, can not be read"));
        } catch (ConfigException e) {
            throw new SetupException(List.of(place(file, e.origin()) + ": values that do not fit together"));
        }
    }

    /** {@code file:line} where it is known, else as much as is known. */
    private static String place(Path file, ConfigOrigin origin) {
        return origin == null ? file.toString() : place(file.toString(), origin);
    }

    /** {@code file:line} of a value, or what else it comes from, such as an environment variable. */
    static String place(String file, ConfigOrigin origin) {
        if (origin.filename() == null) {
            // merged from several places: the description lists them all
            return Stream.of(Environment.ORIGIN, Settings.PROPERTY_ORIGIN).anyMatch(origin.description()::startsWith)
                    ? origin.description()
                    : file;
        }
        return origin.lineNumber() < 0 ? origin.filename() : origin.filename() + ":" + origin.lineNumber();
    }

    /** Resolves {@code ${?NAME}} from the environment that was handed in. */
    private record Environment(Map<String, String> variables) implements ConfigResolver {
        static final String ORIGIN = "environment variable ";

        @Override
        public ConfigValue lookup(String path) {
            String value = variables.get(path);
            return value == null ? null : ConfigValueFactory.fromAnyRef(value, ORIGIN + path);
        }

        @Override
        public ConfigResolver withFallback(ConfigResolver fallback) {
            return this;
        }
    }
}
