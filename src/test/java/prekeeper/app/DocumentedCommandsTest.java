package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import prekeeper.store.JdbcPrekeyStore;
import prekeeper.store.StoreSettings;

/** The commands in the documents, as somebody would copy them from there. */
class DocumentedCommandsTest {
    /** A line in a block of code; what follows the command in the shell, such as a comment or a pipe, is left out. */
    private static final Pattern COMMAND = Pattern.compile(
            "(?m)^(?: {4})?(?:\\$ )?(?:sudo (?:-u prekeeper )?)?(?:bin/)?prekeeper ((?:[^\\n#|>&;\\\\]|\\\\\\n)+)");

    private static final String MINUTE = "2026-11-24T0300";

    @TempDir
    private Path folder;

    static Stream<String> commands() throws IOException {
        try (Stream<Path> documents = Files.list(Path.of("docs"))) {
            return Stream.concat(Stream.of(Path.of("README.md")), documents.sorted())
                    .filter(file -> file.toString().endsWith(".md"))
                    .flatMap(file -> COMMAND.matcher(read(file)).results())
                    .map((MatchResult found) ->
                            found.group(1).replace("\\\n", " ").strip())
                    .filter(command -> !command.startsWith("{")) // a block of a configuration
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandIsOneThatThereIs(String command) {
        assertDoesNotThrow(() -> Main.commandLine(console(), InputStream.nullInputStream(), InstantSource.system())
                .parseArgs(words(command)));
    }

    /** Those that need neither a server nor anybody else's files, in the order in which the documents have them. */
    @Test
    void commandsOfAdministratorsDoWhatTheyAreDocumentedFor() throws IOException {
        Files.createDirectories(folder.resolve("lib/backups"));
        for (String name : List.of("prekeeper.conf", "old.conf", "new.conf")) {
            Files.writeString(folder.resolve(name), """
                    prekeeper {
                      component { jid = "prekey.example.org", secret = "s" }
                      store.url = "jdbc:h2:file:%s"
                      key-file = "identity.key"
                    }
                    """.formatted(database(name)));
        }
        for (String made : List.of("prekeeper.conf", "old.conf")) {
            JdbcPrekeyStore.open(
                            new StoreSettings("jdbc:h2:file:" + database(made), Optional.empty(), Optional.empty()))
                    .close();
        }
        List<String> commands = commands()
                .filter(command -> command.startsWith("store") || command.startsWith("check-config"))
                .filter(command -> !command.contains("--from-otrng"))
                .toList();
        assertTrue(commands.size() > 6, commands::toString);
        for (String command : commands) {
            if (command.startsWith("store restore") && !command.contains("--spend-only")) {
                Files.delete(
                        Path.of(database("prekeeper.conf") + ".mv.db")); // what is left of the database was moved away
                Files.copy(
                        folder.resolve("lib/backups/" + MINUTE + ".zip"),
                        folder.resolve("lib/backup.zip"), // as on another machine
                        StandardCopyOption.REPLACE_EXISTING);
            }
            assertEquals(0, Main.execute(console(), words(command)), command);
        }
    }

    private String database(String configuration) {
        return folder.resolve(configuration.replace(".conf", "")).toString();
    }

    private String[] words(String command) {
        String here = command.replace("$backup", "/var/lib/prekeeper/backups/" + MINUTE + ".zip")
                .replace("/etc/prekeeper/", folder + "/")
                .replace("/var/lib/prekeeper/", folder + "/lib/");
        return Stream.of(here.split(" +"))
                .map(word -> word.matches("(old|new)\\.conf|.*\\.jsonl")
                        ? folder.resolve(word).toString()
                        : word)
                .toArray(String[]::new);
    }

    private static Console console() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return new Console(nowhere, nowhere, Map.of());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("no " + file, e);
        }
    }
}
