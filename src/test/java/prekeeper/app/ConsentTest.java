package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import prekeeper.server.SetupException;
import prekeeper.trial.Aim;

class ConsentTest {
    private static final Aim HERE = new Aim("localhost", true);
    private static final Aim THERE = new Aim("xmpp.example.org:5222", false);
    private static final String TOLD = "This puts a load on\n  xmpp.example.org:5222\nA second: all of it.\n";

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> asked = new ArrayList<>();

    @Test
    void thisMachineNeedsNone() throws SetupException {
        consent(Optional.empty()).obtain(List.of(HERE), List.of("all"), false);
        assertEquals("", told());
    }

    @Test
    void anythingElseIsNamedAndAskedFor() throws SetupException {
        consent(answering(" Yes ")).obtain(List.of(HERE, THERE), List.of("A second: all of it."), false);
        assertEquals(TOLD, told());
        assertEquals(List.of("Type yes to go on: "), asked);
    }

    @Test
    void everyAnswerButYesIsNo() {
        for (String answer : new String[] {"", "y", "no", "yes!", null}) {
            assertRefused("nothing was sent", answering(answer));
        }
    }

    @Test
    void whereNobodyCanBeAskedItIsNo() {
        assertRefused("nobody can be asked whether that is meant, so nothing was sent", Optional.empty());
    }

    @Test
    void whatWasSaidBeforeIsNotAskedButStillTold() throws SetupException {
        consent(answering("no")).obtain(List.of(THERE), List.of("A second: all of it."), true);
        assertEquals(TOLD, told());
        assertEquals(List.of(), asked);
    }

    private void assertRefused(String why, Optional<UnaryOperator<String>> terminal) {
        SetupException refused = assertThrows(
                SetupException.class, () -> consent(terminal).obtain(List.of(THERE), List.of("all"), false));
        assertEquals(List.of(why), refused.problems());
    }

    private Optional<UnaryOperator<String>> answering(String answer) {
        return Optional.of(question -> {
            asked.add(question);
            return answer;
        });
    }

    private Consent consent(Optional<UnaryOperator<String>> terminal) {
        PrintStream printer = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Consent(new Console(printer, printer, Map.of()), terminal);
    }

    private String told() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
