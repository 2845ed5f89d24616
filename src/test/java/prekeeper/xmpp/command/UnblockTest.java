package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submissions;

class UnblockTest extends CommandFixture {
    @Test
    void whoIsChosenIsLetInAgain() {
        blocked.block("evil.net");
        blocked.block("eva@example.net");
        Stage.Ask first = begin(new Unblock(blocked), ADMIN);
        assertEquals(List.of("eva@example.net", "evil.net"), options(first, "addresses"));
        assertEquals("Unblocked 1.", note(submit(first, Submissions.of("addresses", "evil.net"))));
        assertEquals(Set.of("eva@example.net"), blocked.all());
    }

    @Test
    void whenNobodyIsBlockedThatIsSaid() {
        assertEquals("Nobody is blocked.", note(new Unblock(blocked).begin(ADMIN)));
    }
}
