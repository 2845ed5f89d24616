package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code prekeeper try} says before it reaches anybody. */
class TryCommandTest {
    @TempDir
    private Path folder;

    @Test
    void anAccountWithoutAPasswordIsToldWhereToPutIt() {
        assertEquals(new MainRun(1, "", """
                        prekeeper: error: no password for alice@example.org
                        prekeeper: hint: give it in a file with --accounts, in PREKEEPER_PASSWORD, or at a terminal
                        """), run("alice@example.org"));
    }

    @Test
    void noPasswordGoesOverANetworkWithoutTls() throws IOException {
        for (List<String> where : List.of(List.of("--host", "192.0.2.1"), List.<String>of())) {
            List<String> arguments =
                    new ArrayList<>(List.of("alice@example.org", "--accounts", accounts("alice@example.org pw")));
            arguments.addAll(where);
            arguments.addAll(List.of("--tls", "none"));
            MainRun run = run(arguments.toArray(String[]::new));
            assertEquals(2, run.exitCode());
            assertTrue(run.err().contains("--tls none would send passwords in the clear"), run::err);
        }
    }

    @Test
    void whoIsNoAccountIsNotAskedForAPassword() {
        MainRun run = run("alice");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("alice is no account"), run::err);
    }

    @ParameterizedTest
    @CsvSource({"--tls=nonsense, 'none of required, unchecked and none'", "--port=many, 'is not an int'"})
    void anOptionThatIsNotUnderstoodIsAUsageError(String option, String expected) {
        MainRun run = run("alice@example.org", option);
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains(expected), run::err);
        assertFalse(run.err().contains("Exception"), run::err);
    }

    private String accounts(String line) throws IOException {
        return Files.writeString(folder.resolve("accounts"), line + "\n").toString();
    }

    private static MainRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("try"));
        all.addAll(List.of(arguments));
        return MainRun.at(InstantSource.system(), all);
    }
}
