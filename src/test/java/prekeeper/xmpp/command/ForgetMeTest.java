package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import prekeeper.service.Peer;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submissions;

class ForgetMeTest extends CommandFixture {
    private final Stage.Ask first = begin(new ForgetMe(store.inventory()), ALICE);

    @Test
    void everythingOfTheCallerIsForgottenAndNothingOfOthers() {
        Peer bob = new Peer("bob@example.org/x", "bob@example.org");
        publish(ALICE, PHONE, 3);
        publish(ALICE, LAPTOP, 3);
        publish(bob, PHONE, 2);
        assertEquals("Deleted what was stored of 2 devices.", note(submit(first, Submissions.of("confirm", "1"))));
        assertEquals(List.of(), stored(ALICE));
        assertEquals(List.of(PHONE), stored(bob));
    }

    @Test
    void nothingIsForgottenUnlessTheBoxIsTicked() {
        publish(ALICE, PHONE, 3);
        for (String no : List.of("0", "false", "")) {
            assertEquals(
                    "Tick the box to delete everything, or cancel.", refusal(first, Submissions.of("confirm", no)));
        }
        assertEquals(List.of(PHONE), stored(ALICE));
    }
}
