package prekeeper.app;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import prekeeper.crypto.SecretBytes;
import prekeeper.server.SetupException;
import prekeeper.trial.Account;

/** The passwords of accounts that a command line names: from a file, else from the environment, else from who sits at the terminal. */
final class Passwords {
    /** Of the first account; that of the second is {@code PREKEEPER_PASSWORD_2}. */
    static final String VARIABLE = "PREKEEPER_PASSWORD";

    private final Console console;
    private final List<Account> known;

    /** @param known from a file */
    Passwords(Console console, List<Account> known) {
        this.console = console;
        this.known = known;
    }

    /**
     * The account {@code jid}, with a password that the caller closes.
     *
     * @param number of the account on the command line, from 1
     * @throws SetupException when that is no account, or there is no password for it
     */
    Account account(String jid, int number) throws SetupException {
        try {
            // an address that is none is told before somebody is asked for its password
            Account named = Account.of(jid, SecretBytes.adopt(new byte[0]));
            return Account.of(named.address(), password(named, number));
        } catch (IllegalArgumentException e) {
            throw new SetupException(e.getMessage(), "an account is named by its bare JID");
        }
    }

    private SecretBytes password(Account named, int number) throws SetupException {
        for (Account account : known) {
            if (account.address().equals(named.address())) {
                return SecretBytes.copyOf(account.password().toByteArray());
            }
        }
        String variable = number == 1 ? VARIABLE : VARIABLE + "_" + number;
        String value = console.environment().get(variable);
        if (value != null) {
            return SecretBytes.adopt(value.getBytes(StandardCharsets.UTF_8));
        }
        return typed(named.address())
                .orElseThrow(() -> new SetupException(
                        "no password for " + named.address(),
                        "give it in a file with --accounts, in " + variable + ", or at a terminal"));
    }

    private static Optional<SecretBytes> typed(String jid) {
        return Terminals.console()
                .map(terminal -> terminal.readPassword("Password of %s: ", jid)) // null at the end of the input
                .map(Passwords::utf8);
    }

    /** Wipes what was typed. */
    private static SecretBytes utf8(char[] typed) {
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(typed));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        encoded.clear();
        encoded.put(new byte[encoded.remaining()]);
        Arrays.fill(typed, '\0');
        return SecretBytes.adopt(bytes);
    }
}
