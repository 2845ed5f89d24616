package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submissions;

class UserDevicesTest extends CommandFixture {
    private final Stage.Ask first = begin(new UserDevices(store.inventory(), clock), ADMIN);

    @Test
    void theDevicesOfAnAccountAreShownWithStockAndExpiry() {
        publish(ALICE, PHONE, 3);
        assertEquals(
                List.of(Map.of(
                        "instance-tag",
                        PHONE,
                        "state",
                        "SPEC",
                        "prekey-messages",
                        "3",
                        "expires",
                        "2026-01-08T00:00:00Z",
                        "prekey-profile-expires",
                        "2026-01-07T23:59:00Z")),
                rows(result(submit(first, Submissions.of("account", "Alice@Example.org")))));
    }

    @Test
    void anAccountOfWhichNothingIsStoredHasNoDevices() {
        assertEquals(List.of(), rows(result(submit(first, Submissions.of("account", "bob@example.org")))));
    }

    @Test
    void whatIsNoAccountIsRefused() {
        for (String wrong : List.of("example.org", "@example.org", "a@b@c", "alice@example.org/phone")) {
            assertEquals(
                    "\"" + wrong + "\" is no account, such as user@example.org.",
                    refusal(first, Submissions.of("account", wrong)));
        }
        assertEquals("The account is missing.", refusal(first, Submissions.of("account", "")));
    }
}
