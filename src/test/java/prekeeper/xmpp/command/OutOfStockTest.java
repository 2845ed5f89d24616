package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xmpp.forms.DataForm;
import prekeeper.service.Peer;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submissions;

class OutOfStockTest extends CommandFixture {
    private final OutOfStock command = new OutOfStock(store.inventory(), clock);

    @Test
    void devicesWithoutPrekeyMessagesAreListedAndNoOthers() {
        publish(ALICE, PHONE, 0);
        publish(ALICE, LAPTOP, 1);
        assertEquals(
                List.of(Map.of("account", "alice@example.org", "instance-tag", PHONE)),
                rows(result(command.begin(ADMIN))));
    }

    @Test
    void whenAllAreWellTheTableIsEmpty() {
        publish(ALICE, LAPTOP, 1);
        assertEquals(List.of(), rows(result(command.begin(ADMIN))));
    }

    @Test
    void veryManyAreShownInPages() {
        for (int i = 0; i < 1_500; i++) {
            String account = "user" + i + "@example.org";
            publish(new Peer(account + "/x", account), PHONE, 0);
        }
        Stage.Ask first = begin(command, ADMIN);
        DataForm second = result(submit(first, Submissions.of(Map.of())));
        assertEquals(1_500, rows(first.form()).size() + rows(second).size());
    }
}
