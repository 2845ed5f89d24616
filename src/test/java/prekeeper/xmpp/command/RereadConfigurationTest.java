package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;
import prekeeper.xmpp.InvalidInputException;
import prekeeper.xmpp.Stage;

class RereadConfigurationTest extends CommandFixture {

    @Test
    void whatCameOfItIsTold() {
        assertEquals(
                "In force now: limits.", note(new RereadConfiguration(() -> "In force now: limits.").begin(ADMIN)));
    }

    @Test
    void aConfigurationThatIsWrongIsAnError() {
        Stage.Done done = assertInstanceOf(
                Stage.Done.class,
                new RereadConfiguration(() -> {
                            throw new InvalidInputException("prekeeper.conf:6: unknown setting");
                        })
                        .begin(ADMIN));
        assertEquals(
                new Stage.Note(Stage.Note.Kind.ERROR, "prekeeper.conf:6: unknown setting"),
                done.note().orElseThrow());
    }
}
