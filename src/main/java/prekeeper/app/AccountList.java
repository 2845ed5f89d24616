package prekeeper.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import prekeeper.server.SetupException;
import prekeeper.xmpp.TinderAccounts;

/** A file that names an account on each line: bare JIDs. Empty lines and those that begin with # do not count. */
final class AccountList {
    private static final int MOST_PROBLEMS = 20;

    private AccountList() {}

    /**
     * The accounts in the order of the file, each once.
     *
     * @return their prepared names, with the names as they were written
     * @throws SetupException with the lines that name none; then nothing is to be done with the others either
     */
    static Map<String, String> read(Path file) throws SetupException {
        Map<String, String> accounts = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        TinderAccounts known = new TinderAccounts();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String written = line.strip();
                if (!written.isEmpty() && !written.startsWith("#")) {
                    Optional<String> prepared = written.indexOf('/') < 0 ? known.prepare(written) : Optional.empty();
                    prepared.ifPresent(name -> accounts.putIfAbsent(name, written));
                    if (prepared.isEmpty() && problems.size() < MOST_PROBLEMS) {
                        problems.add(file + ":" + number + ": not an account such as alice@example.org");
                    }
                }
                number++;
            }
        } catch (CharacterCodingException e) {
            throw new SetupException(file + ": not UTF-8", "it names an account on each line");
        } catch (NoSuchFileException e) {
            throw new SetupException(file + ": no such file", "it names an account on each line");
        } catch (IOException e) {
            throw new SetupException(file + ": no file that this user can read", "it names an account on each line");
        }
        if (!problems.isEmpty()) {
            throw new SetupException(problems);
        }
        return accounts;
    }
}
