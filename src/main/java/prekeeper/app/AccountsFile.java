package prekeeper.app;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import prekeeper.crypto.SecretBytes;
import prekeeper.server.Exposure;
import prekeeper.server.SetupException;
import prekeeper.trial.Account;

/**
 * Accounts and their passwords, one a line: the bare JID, a space, the password up to the end of the line. Blank lines and those that
 * begin with {@code #} are left out.
 */
final class AccountsFile {

    private AccountsFile() {}

    /**
     * All accounts in {@code file}, in its order; whoever gets them closes their passwords.
     *
     * @throws SetupException when it can not be read, or a line is none of those; quotes no password
     */
    static List<Account> read(Path file, Console console) throws SetupException {
        console.warnings(Exposure.toAnybodyElse(file).map(List::of).orElse(List.of()));
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new SetupException(file + ": no such file", "it has a line for each account: JID PASSWORD");
        } catch (CharacterCodingException e) {
            throw new SetupException(file + ": not in UTF-8", "it has a line for each account: JID PASSWORD");
        } catch (IOException e) {
            throw new SetupException(file + ": no file that this user can read", "see its owner and its mode");
        }
        List<Account> accounts = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int space = line.indexOf(' ');
            if (space < 1 || space == line.length() - 1) {
                problems.add(file + ":" + (i + 1) + ": an address, a space and a password are expected");
                continue;
            }
            try {
                accounts.add(Account.of(
                        line.substring(0, space),
                        SecretBytes.adopt(line.substring(space + 1).getBytes(StandardCharsets.UTF_8))));
            } catch (IllegalArgumentException e) {
                problems.add(file + ":" + (i + 1) + ": " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            accounts.forEach(account -> account.password().close());
            throw new SetupException(problems);
        }
        return accounts;
    }
}
