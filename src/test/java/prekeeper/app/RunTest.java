package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process of its own, as an administrator starts and stops it. No XMPP server runs for it. */
class RunTest {
    private static final int SECONDS = 60;

    @TempDir
    private Path folder;

    @Test
    void aSignalStopsItWithTheUsualExitCodeAndNoSecretIsLogged() throws Exception {
        Process process = start();
        try {
            await(process, "started as prekey.example.org");
            assertTrue(Files.exists(folder.resolve("identity.key")));
            process.destroy(); // SIGTERM
            assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS));
            assertEquals(143, process.exitValue(), log());
        } finally {
            process.destroyForcibly();
        }
        assertFalse(log().contains("hunter2"), log());
        assertFalse(log().contains("Exception"), log());
    }

    private Process start() throws IOException {
        Path config = Files.writeString(folder.resolve("prekeeper.conf"), """
                prekeeper {
                  component { jid = "prekey.example.org", port = 1, secret = "hunter2" }
                  store.url = "jdbc:h2:file:%s"
                  key-file = "identity.key"
                }
                """.formatted(folder.resolve("prekeys")));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "run",
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private void await(Process process, String text) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!log().contains(text)) {
            assertTrue(process.isAlive() && System.nanoTime() < end, log());
            Thread.sleep(50);
        }
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }
}
