package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RemoveExpiredTest extends CommandFixture {
    @Test
    void whatHasExpiredIsRemovedAndNothingElse() {
        publish(ALICE, PHONE, 3, clock.instant().plusSeconds(120));
        publish(ALICE, LAPTOP, 2);
        RemoveExpired command = new RemoveExpired(store.inventory(), clock);
        assertEquals("Removed 0 expired devices, and 0 expired prekey profiles of others.", note(command.begin(ADMIN)));
        clock.advance(Duration.ofSeconds(60));
        assertEquals("Removed 0 expired devices, and 1 expired prekey profile of others.", note(command.begin(ADMIN)));
        assertEquals(Set.of(PHONE, LAPTOP), Set.copyOf(stored(ALICE)));
        clock.advance(Duration.ofSeconds(60));
        assertEquals("Removed 1 expired device, and 0 expired prekey profiles of others.", note(command.begin(ADMIN)));
        assertEquals(List.of(LAPTOP), stored(ALICE));
        assertEquals(1, store.inventory().counts().devices());
    }
}
