package prekeeper.it;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The documents where people have them: in the repository, in Debian's package and in the tar.gz. */
class ShippedDocumentsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Path REPOSITORY = Path.of("");

    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    private Scratch scratch;

    @BeforeEach
    void create() throws IOException {
        scratch = Scratch.create();
    }

    @AfterEach
    void close() {
        scratch.close();
    }

    @Test
    void linksInTheRepositoryLeadSomewhere() throws IOException {
        assertEquals(List.of(), brokenLinks(List.of(REPOSITORY.resolve("README.md"), REPOSITORY.resolve("docs"))));
    }

    @Test
    void linksInDebiansPackageLeadSomewhere() throws IOException {
        assumeTrue(Files.exists(Path.of("/usr/bin/dpkg-deb")), "not tested: dpkg-deb is not here");
        run(
                "dpkg-deb",
                "--extract",
                BuiltFile.endingWith("_all.deb").toString(),
                scratch.folder().toString());
        Path documents = scratch.folder().resolve("usr/share/doc/prekeeper");
        assertEquals(List.of(), brokenLinks(List.of(documents)));
        assertEquals(names(REPOSITORY.resolve("docs")), names(documents.resolve("docs")));
        assertTrue(Files.exists(documents.resolve("examples/prosody.cfg.lua")), "examples, where Debian has them");
    }

    @Test
    void linksInTheTarLeadSomewhere() throws IOException {
        run(
                "tar",
                "-xzf",
                BuiltFile.endingWith(".tar.gz").toString(),
                "-C",
                scratch.folder().toString());
        assertEquals(List.of(), brokenLinks(List.of(scratch.folder())));
    }

    @Test
    void aLinkThatLeadsNowhereIsFound() throws IOException {
        Files.writeString(scratch.folder().resolve("a.md"), """
                # One, *two*: `three-3`
                [file](b.md) [heading](#one-two-three-3) [elsewhere](https://example.org/c.md#d)
                [heading](#one) [file](../b.md) [heading](b.md#b) [heading](b.md#c)
                """);
        Files.writeString(scratch.folder().resolve("b.md"), "## B\n");
        assertEquals(List.of("a.md: #one", "a.md: ../b.md", "a.md: b.md#c"), brokenLinks(List.of(scratch.folder())));
    }

    private void run(String... command) throws IOException {
        ChildProcess child = scratch.start(command[0], List.of(command));
        assertEquals(0, child.awaitEnd(PATIENCE), child::logTail);
    }

    private static List<String> brokenLinks(List<Path> documents) throws IOException {
        List<Path> files =
                documents.stream().flatMap(ShippedDocumentsIT::below).sorted().toList();
        assertFalse(files.isEmpty(), "no documents in " + documents);
        return files.stream()
                .flatMap(file -> LINK.matcher(read(file))
                        .results()
                        .filter(link -> !leadsSomewhere(file, link))
                        .map(link -> file.getFileName() + ": " + link.group(1)
                                + (link.group(2) == null ? "" : "#" + link.group(2))))
                .toList();
    }

    private static boolean leadsSomewhere(Path file, MatchResult link) {
        Path target = link.group(1).isEmpty() ? file : file.resolveSibling(link.group(1));
        return Files.exists(target)
                && (link.group(2) == null || headings(target).contains(link.group(2)));
    }

    /** The anchors of a document's headings, as web pages of the repository have them. */
    private static Set<String> headings(Path file) {
        return HEADING.matcher(read(file))
                .results()
                .map(heading -> heading.group(1)
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(toSet());
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(toSet());
        }
    }

    private static Stream<Path> below(Path start) {
        try (Stream<Path> files = Files.walk(start)) {
            return files.filter(file -> file.toString().endsWith(".md")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
