package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import prekeeper.service.LowStock;

class AnnounceLowStockTest extends CommandFixture {
    @Test
    void ownersOfDevicesAtOrBelowTheMarkAreTold() {
        publish(ALICE, PHONE, 10);
        publish(ALICE, LAPTOP, 11);
        assertEquals(
                "Told the owners of 1 device; those of 0 more were told within the last hour.",
                note(new AnnounceLowStock(store.inventory(), limits, this::tell, clock).begin(ADMIN)));
        assertEquals(List.of(new LowStock(ALICE.account(), device(ALICE, PHONE).tag(), 10)), told);
    }

    @Test
    void whoWasToldWithinTheHourIsCountedOnly() {
        publish(ALICE, PHONE, 0);
        assertEquals(
                "Told the owners of 0 devices; those of 1 more were told within the last hour.",
                note(new AnnounceLowStock(store.inventory(), limits, low -> false, clock).begin(ADMIN)));
    }
}
