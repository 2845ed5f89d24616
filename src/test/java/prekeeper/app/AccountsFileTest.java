package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.server.SetupException;
import prekeeper.trial.Account;

class AccountsFileTest {
    @TempDir
    private Path folder;

    private Path file;

    private final Console console = new Console(System.out, System.err, Map.of());

    @BeforeEach
    void name() {
        file = folder.resolve("accounts");
    }

    @Test
    void aPasswordIsTheRestOfItsLineToTheLastByte() throws Exception {
        Files.writeString(file, "# load test\n\nalice@example.org  two words é \r\n\t\n  bob@example.org #secret");
        List<Account> accounts = AccountsFile.read(file, console);
        assertEquals("[alice@example.org, bob@example.org]", accounts.toString());
        assertEquals(" two words é ", password(accounts.get(0)));
        assertEquals("#secret", password(accounts.get(1)));
    }

    @Test
    void eachLineThatIsNoAccountIsToldWithoutWhatStandsThere() throws IOException {
        Files.writeString(
                file,
                "alice@example.org hunter2\nhunter2\nbob@example.org \nexample.org hunter2\nAlice@Example.org hunter3\n");
        assertProblems(
                file + ":2: no password; an account, a space and its password expected",
                file + ":3: no password; an account, a space and its password expected",
                file + ":4: not an account such as alice@example.org",
                file + ":5: an account that is there already");
    }

    @Test
    void aFileThatNamesNobodyIsAProblem() throws IOException {
        String expected = "it has an account such as alice@example.org, a space and its password on each line";
        assertProblems(file + ": no such file");
        Files.writeString(file, "# nobody\n");
        assertProblems(file + ": no account in it; " + expected);
        Files.write(file, new byte[] {(byte) 0xff, ' ', 'x'});
        assertProblems(file + ": not UTF-8");
    }

    private void assertProblems(String... problems) {
        assertEquals(
                List.of(problems),
                assertThrows(SetupException.class, () -> AccountsFile.read(file, console))
                        .problems());
    }

    private static String password(Account account) {
        return new String(account.password().toByteArray(), StandardCharsets.UTF_8);
    }
}
