package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        assertTrue(log().lines().reduce("", (before, line) -> line).contains("INFO  Server: stopping; "), log());
        assertFalse(log().contains("hunter2"), log());
        assertFalse(log().contains("Exception"), log());
    }

    @Test
    void aRunningServerBacksUpItsDatabaseWhichNobodyElseMayOpen() throws Exception {
        Process process = start();
        try {
            await(process, "started as prekey.example.org");
            Path socket = folder.resolve("prekeys.control");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            Path backup = folder.resolve("backup.zip");
            assertEquals("", runStore("backup", backup.toString()));
            await(process, "backed up to " + backup);
            assertEquals("", runStore("verify", "--backup", backup.toString()));
            assertEquals(
                    "prekeeper: error: database " + folder.resolve("prekeys.mv.db")
                            + " is in use by another process: stop that one, or name another file\n",
                    runStore("verify"));
            process.destroy();
            assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS));
            assertFalse(Files.exists(socket));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aHangUpReadsTheConfigurationAgainAndAWrongOneChangesNothing() throws Exception {
        Process process = start();
        Path config = folder.resolve("prekeeper.conf");
        String good = Files.readString(config);
        try {
            await(process, "started as prekey.example.org");
            Files.writeString(config, good + "prekeeper.limits.devices = many\n");
            hangUp(process);
            await(process, config + ":6: prekeeper.limits.devices is \"many\", a number from 1 to 1000 expected");
            await(process, "is wrong: what was in force before is");
            Files.writeString(config, good + "prekeeper { limits.devices = 3, admins = [\"admin@example.org\"] }\n");
            hangUp(process);
            await(process, "read the configuration again; in force now: limits\n");
            await(process, "changed and not in force before a restart: admins\n");
            assertTrue(process.isAlive());
        } finally {
            process.destroyForcibly();
        }
        assertFalse(log().contains("hunter2"), log());
    }

    private static void hangUp(Process process) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                        .start()
                        .waitFor());
    }

    @Test
    void aCollectorOfLogsGetsNothingButObjectsOfJson() throws Exception {
        Process process = start(Map.of(), "--log-json");
        try {
            await(process, "\"message\":\"started as prekey.example.org\"");
            await(process, "\"level\":\"WARN\"");
            process.destroy();
            assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly();
        }
        for (String line : Files.readAllLines(folder.resolve("log"))) {
            assertTrue(JsonParser.parseString(line).getAsJsonObject().has("timestamp"), line);
        }
    }

    @Test
    void theJournalGetsPrioritiesAndNoTimes() throws Exception {
        Path output = Files.createFile(folder.resolve("log"));
        String stream = Files.getAttribute(output, "unix:dev") + ":" + Files.getAttribute(output, "unix:ino");
        Process process = start(Map.of("JOURNAL_STREAM", stream));
        try {
            await(process, "<6>Server: started as prekey.example.org\n");
            await(process, "<4>ComponentConnection: can not connect");
        } finally {
            process.destroyForcibly();
        }
        for (String line : Files.readAllLines(output)) {
            assertTrue(line.matches("<[3-6]>[A-Za-z0-9]+: .*"), line);
        }
    }

    /** What {@code prekeeper store} says on the standard error. */
    private String runStore(String command, String... args) {
        List<String> all = new ArrayList<>(List.of("store", command, "--config"));
        all.add(folder.resolve("prekeeper.conf").toString());
        all.addAll(List.of(args));
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Main.execute(
                new Console(
                        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of()),
                all.toArray(String[]::new));
        return err.toString(StandardCharsets.UTF_8).replaceAll("prekeeper: warning: .*\n", "");
    }

    private Process start() throws IOException {
        return start(Map.of());
    }

    private Process start(Map<String, String> environment, String... more) throws IOException {
        Path config = Files.writeString(folder.resolve("prekeeper.conf"), """
                prekeeper {
                  component { jid = "prekey.example.org", port = 1, secret = "hunter2" }
                  store.url = "jdbc:h2:file:%s"
                  key-file = "identity.key"
                }
                """.formatted(folder.resolve("prekeys")));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "--config",
                config.toString()));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().remove("JOURNAL_STREAM");
        builder.environment().putAll(environment);
        return builder.start();
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
