package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import prekeeper.service.Peer;

class MyDevicesTest extends CommandFixture {
    @Test
    void theCallersOwnDevicesAreShownAndNobodyElses() {
        publish(ALICE, PHONE, 3);
        publish(new Peer("bob@example.org/x", "bob@example.org"), LAPTOP, 2);
        var rows = rows(result(new MyDevices(store.inventory(), clock).begin(ALICE)));
        assertEquals(1, rows.size());
        assertEquals(PHONE, rows.get(0).get("instance-tag"));
        assertEquals("3", rows.get(0).get("prekey-messages"));
    }
}
