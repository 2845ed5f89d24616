package prekeeper.app;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import prekeeper.server.SetupException;
import prekeeper.trial.Aim;

/**
 * Somebody's word that a load may go to machines that are not this one for sure. Nothing is sent before.
 *
 * @param console tells what is about to be done
 * @param terminal asks a question and gives the answer, which is null at its end; empty where nobody can be asked
 */
record Consent(Console console, Optional<UnaryOperator<String>> terminal) {

    /** With the terminal that this process was started at, if it was. */
    static Consent at(Console console) {
        return new Consent(console, Terminals.console().map(there -> there::readLine));
    }

    /**
     * Returns when a load may go to {@code aims}: all are loopback, or somebody says so.
     *
     * @param what is about to be done, some lines
     * @param given whether that was said before
     * @throws SetupException when it may not
     */
    void obtain(List<Aim> aims, List<String> what, boolean given) throws SetupException {
        List<String> others =
                aims.stream().filter(aim -> !aim.loopback()).map(Aim::where).toList();
        if (others.isEmpty()) {
            return;
        }
        console.err().println("This puts a load on");
        others.forEach(where -> console.err().println("  " + where));
        what.forEach(console.err()::println);
        if (given) {
            return;
        }
        if (terminal.isEmpty()) {
            throw new SetupException(
                    "nobody can be asked whether that is meant, so nothing was sent", "--yes says so beforehand");
        }
        String answer = terminal.get().apply("Type yes to go on: ");
        if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).equals("yes")) {
            throw new SetupException("nothing was sent", "the answer was not yes");
        }
    }
}
