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
            assertEquals(1, run.exitCode());
            assertTrue(run.err().contains("--tls none is for this machine itself"), run::err);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alice@example.org             | accounts:1: an address, a space and a password are expected
            alice pw-of-alice             | accounts:1: alice is no account: one such as alice@example.org is expected
            """)
    void aLineOfTheAccountsFileThatIsNoneIsToldWithoutItsPassword(String line, String expected) throws IOException {
        MainRun run = run("alice@example.org", "--accounts", accounts(line));
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains(expected), run::err);
        assertFalse(run.err().contains("pw-of"), run::err);
    }

    @Test
    void whoIsNoAccountIsNotAskedForAPassword() {
        MainRun run = run("alice");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("alice is no account"), run::err);
    }

    @ParameterizedTest
    @CsvSource({"--tls=nonsense, 'required, unchecked or none is allowed'", "--port=many, 'is not an int'"})
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
