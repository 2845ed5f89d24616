package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What is in the jars that are shipped, and what they need. */
class ShippedJarsIT {
    private static final Path SERVER = Path.of(System.getProperty("prekeeper.jar"));
    private static final Path CLIENT = Path.of(System.getProperty("prekeeper.client.jar"));
    private static final Path CLIENT_POM = CLIENT.resolveSibling("prekeeper-client.pom");

    /** The dependencies of the client's pom and theirs, as far as classes of Smack name them. */
    private static final Pattern CLIENTS_LIBRARIES = Pattern.compile(
            "(bcprov-jdk18on|smack-(core|extensions|xmlparser)|jxmpp-[a-z-]+|minidns-core)-[0-9].*\\.jar");

    @Test
    void onlyTheServersJarHasWhatTriesADeployment() throws Exception {
        for (String part : List.of(
                "prekeeper/app/Main.class",
                "prekeeper/trial/Trial.class",
                "org/jivesoftware/smack/XMPPConnection.class")) {
            assertTrue(entries(SERVER).contains(part), part);
            assertFalse(entries(CLIENT).contains(part), part);
        }
        try (JarFile plugin = new JarFile(System.getProperty("prekeeper.openfire.jar"))) {
            assertFalse(plugin.stream().anyMatch(entry -> entry.getName().contains("smack")));
        }
    }

    @Test
    void theClientsJarHasTheRoomsOfClientsAlone() throws Exception {
        Set<String> rooms = entries(CLIENT).stream()
                .filter(entry -> entry.endsWith(".class"))
                .map(entry -> Path.of(entry).getName(1).toString())
                .collect(Collectors.toSet());
        assertEquals(Set.of("crypto", "wire", "protocol", "client"), rooms);
        assertFalse(entries(CLIENT).stream().anyMatch(entry -> entry.endsWith("pom.xml")), "the server's pom");
        assertFalse(
                entries(CLIENT).contains("prekeeper/client/ReusedKeys.class"), "nobody is to be written to by those");
    }

    @Test
    void theClientsPomIsFilledIn() throws Exception {
        String pom = Files.readString(CLIENT_POM);
        assertFalse(pom.contains("${"), pom);
        assertEquals(
                List.of("prekeeper-client", "bcprov-jdk18on", "smack-extensions"),
                Pattern.compile("<artifactId>(.*?)</artifactId>")
                        .matcher(pom)
                        .results()
                        .map(result -> result.group(1))
                        .toList());
    }

    /** Signatures and superclasses; ArchitectureTest looks into the bodies. */
    @Test
    void everyClassOfTheClientsJarLoadsBesideItsLibrariesAlone() throws Exception {
        List<URL> path = new ArrayList<>(List.of(CLIENT.toUri().toURL()));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (CLIENTS_LIBRARIES
                    .matcher(Path.of(entry).getFileName().toString())
                    .matches()) {
                path.add(Path.of(entry).toUri().toURL());
            }
        }
        int loaded = 0;
        try (URLClassLoader alone =
                new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            for (String entry : entries(CLIENT)) {
                if (entry.endsWith(".class") && !entry.endsWith("package-info.class")) {
                    String name = entry.substring(0, entry.length() - ".class".length())
                            .replace('/', '.');
                    Class<?> type = Class.forName(name, false, alone);
                    // throws NoClassDefFoundError where a signature names what is not there
                    loaded += type.getDeclaredMethods().length + type.getDeclaredConstructors().length;
                }
            }
        }
        assertTrue(loaded > 500, loaded + " methods and constructors");
    }

    private static List<String> entries(Path jar) throws Exception {
        try (JarFile file = new JarFile(jar.toFile());
                Stream<String> names = file.stream().map(ZipEntry::getName)) {
            return names.toList();
        }
    }
}
