package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submissions;

class DeletePrekeysTest extends CommandFixture {
    private final Stage.Ask first = begin(new DeletePrekeys(store.inventory(), clock), ADMIN);

    @Test
    void theChosenDevicesAreDeletedAndNoOthers() {
        publish(ALICE, PHONE, 3);
        publish(ALICE, LAPTOP, 2);
        Stage.Ask second = ask(submit(first, Submissions.of("account", "alice@example.org")));
        assertEquals(List.of(PHONE, LAPTOP), options(second, "devices"));
        assertEquals("Deleted what was stored of 1 device.", note(submit(second, Submissions.of("devices", LAPTOP))));
        assertEquals(List.of(PHONE), stored(ALICE));
    }

    @Test
    void aWholeAccountIsDeletedByChoosingAll() {
        publish(ALICE, PHONE, 3);
        publish(ALICE, LAPTOP, 2);
        Stage.Ask second = ask(submit(first, Submissions.of("account", "alice@example.org")));
        submit(second, Submissions.of(Map.of("devices", List.of(PHONE, LAPTOP))));
        assertEquals(List.of(), stored(ALICE));
    }

    @Test
    void nothingIsDeletedWithoutAChoiceOrWithAWrongOne() {
        publish(ALICE, PHONE, 3);
        Stage.Ask second = ask(submit(first, Submissions.of("account", "alice@example.org")));
        for (List<String> wrong : List.of(List.<String>of(), List.of("00002000"), List.of(PHONE, "00002000"))) {
            assertEquals(
                    "Choose one or more of the devices.", refusal(second, Submissions.of(Map.of("devices", wrong))));
        }
        assertEquals(List.of(PHONE), stored(ALICE));
    }

    @Test
    void anAccountOfWhichNothingIsStoredIsSaidToBeSo() {
        assertEquals(
                "Nothing is stored of bob@example.org.", refusal(first, Submissions.of("account", "bob@example.org")));
    }
}
