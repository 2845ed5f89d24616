package prekeeper.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import prekeeper.crypto.SecretBytes;
import prekeeper.server.Exposure;
import prekeeper.server.SetupException;
import prekeeper.trial.Account;

/**
 * A file with an account on each line: its bare JID, a space, and its password, which is the rest of the line. Empty lines and
 * those that begin with # do not count. UTF-8.
 */
final class AccountsFile {
    private static final int MOST_PROBLEMS = 20;
    private static final String EXPECTED =
            "it has an account such as alice@example.org, a space and its password on each line";

    private AccountsFile() {}

    /**
     * The accounts in the order of the file; the caller closes their passwords. Warns when others can read it.
     *
     * @throws SetupException with the lines that are none, or that name one twice; never with what stands there, which may be a
     *     password
     */
    static List<Account> read(Path file, Console console) throws SetupException {
        console.warnings(Exposure.toAnybodyElse(file).map(List::of).orElse(List.of()));
        byte[] content = content(file);
        Map<String, Account> accounts = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        try {
            int number = 1;
            for (int begin = 0; begin < content.length; number++) {
                int end = indexOf(content, (byte) '\n', begin, content.length);
                String problem = add(content, begin, end, accounts);
                if (!problem.isEmpty() && problems.size() < MOST_PROBLEMS) {
                    problems.add(file + ":" + number + ": " + problem);
                }
                begin = end + 1;
            }
        } finally {
            Arrays.fill(content, (byte) 0);
        }
        if (problems.isEmpty() && accounts.isEmpty()) {
            problems.add(file + ": no account in it; " + EXPECTED);
        }
        if (!problems.isEmpty()) {
            accounts.values().forEach(account -> account.password().close());
            throw new SetupException(problems);
        }
        return List.copyOf(accounts.values());
    }

    /** What is wrong with a line; empty when nothing is. */
    private static String add(byte[] content, int from, int to, Map<String, Account> accounts) {
        int begin = from;
        int end = to;
        while (begin < end && isBlank(content[begin])) {
            begin++;
        }
        if (begin == end || content[begin] == '#') {
            return "";
        }
        if (content[end - 1] == '\r') {
            end--;
        }
        int space = indexOf(content, (byte) ' ', begin, end);
        if (space + 1 >= end) {
            return "no password; an account, a space and its password expected";
        }
        String jid = new String(content, begin, space - begin, StandardCharsets.UTF_8);
        SecretBytes password = SecretBytes.adopt(Arrays.copyOfRange(content, space + 1, end));
        try {
            Account account = Account.of(jid, password);
            if (accounts.putIfAbsent(account.address(), account) == null) {
                return "";
            }
            password.close();
            return "an account that is there already";
        } catch (IllegalArgumentException e) {
            password.close();
            return "not an account such as alice@example.org";
        }
    }

    private static byte[] content(Path file) throws SetupException {
        try {
            byte[] content = Files.readAllBytes(file);
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
            Arrays.fill(text.array(), '\0');
            return content;
        } catch (CharacterCodingException e) {
            throw new SetupException(file + ": not UTF-8", EXPECTED);
        } catch (NoSuchFileException e) {
            throw new SetupException(file + ": no such file", EXPECTED);
        } catch (IOException e) {
            throw new SetupException(file + ": no file that this user can read", EXPECTED);
        }
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character == '\t' || character == '\r';
    }

    /** {@code to} when it is not there. */
    private static int indexOf(byte[] content, byte wanted, int from, int to) {
        int at = from;
        while (at < to && content[at] != wanted) {
            at++;
        }
        return at;
    }
}
