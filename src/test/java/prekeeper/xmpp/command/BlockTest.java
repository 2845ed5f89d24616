package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import prekeeper.service.Peer;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submissions;

class BlockTest extends CommandFixture {
    private final Stage.Ask first = begin(new Block(blocked), ADMIN);

    @Test
    void accountsAndDomainsAreBlockedInTheirPreparedForm() {
        assertEquals(
                "Blocked 2; 0 were blocked before.",
                note(submit(first, Submissions.of(Map.of("addresses", List.of("Eva@Example.net", " evil.NET ", ""))))));
        assertTrue(blocked.cover(new Peer("eva@example.net/x", "eva@example.net")));
        assertTrue(blocked.cover(new Peer("mallory@evil.net/x", "mallory@evil.net")));
        assertEquals(
                "Blocked 1; 1 were blocked before.",
                note(submit(first, Submissions.of(Map.of("addresses", List.of("evil.net", "worse.net"))))));
    }

    @Test
    void whatIsNeitherBlocksNobody() {
        assertEquals(
                "\"a@b@c\" is neither an account, such as user@example.org, nor a domain.",
                refusal(first, Submissions.of(Map.of("addresses", List.of("evil.net", "a@b@c")))));
        assertEquals("Name at least one account or domain.", refusal(first, Submissions.of("addresses", " ")));
        assertTrue(blocked.all().isEmpty());
    }
}
