package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemoveExpiredTest extends CommandFixture {
    @Test
    void whatHasExpiredIsRemovedAndNothingElse() {
        publish(ALICE, PHONE, 3, clock.instant().plusSeconds(60));
        publish(ALICE, LAPTOP, 2);
        RemoveExpired command = new RemoveExpired(store.inventory(), clock);
        assertEquals("Removed 0 expired devices.", note(command.begin(ADMIN)));
        clock.advance(Duration.ofSeconds(60));
        assertEquals("Removed 1 expired device.", note(command.begin(ADMIN)));
        assertEquals(List.of(LAPTOP), stored(ALICE));
        assertEquals(1, store.inventory().counts().devices());
    }
}
