package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import prekeeper.service.Peer;
import prekeeper.xmpp.Submissions;

class ForgetDevicesTest extends CommandFixture {
    private final ForgetDevices command = new ForgetDevices(store.inventory(), clock);

    @Test
    void theChosenDeviceOfTheCallerIsForgotten() {
        Peer bob = new Peer("bob@example.org/x", "bob@example.org");
        publish(ALICE, PHONE, 3);
        publish(ALICE, LAPTOP, 3);
        publish(bob, PHONE, 2);
        assertEquals(
                "Deleted what was stored of 1 device.",
                note(submit(begin(command, ALICE), Submissions.of("devices", PHONE))));
        assertEquals(List.of(LAPTOP), stored(ALICE));
        assertEquals(List.of(PHONE), stored(bob));
    }

    @Test
    void whoHasNothingStoredIsToldSo() {
        assertEquals("Nothing is stored of you.", note(command.begin(ALICE)));
    }
}
