package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import prekeeper.service.Outcome;
import prekeeper.service.Refusal;
import prekeeper.service.Tally;
import prekeeper.xmpp.Command;

class CommandsTest extends CommandFixture {

    @Test
    void theNodeOfEachCommandTellsItsAudienceAndIsItsOwn() {
        List<Command> commands = new Commands(
                        Set.of("admin@example.org"),
                        null,
                        new Tally((peer, request, message) -> new Outcome.Ignored(Refusal.MALFORMED)),
                        store.inventory(),
                        blocked,
                        limits,
                        clock,
                        Optional.of(() -> "read"))
                .administration()
                .commands()
                .apply(this::tell);
        Set<String> nodes = new HashSet<>();
        for (Command command : commands) {
            boolean admins = command.audience() == Command.Audience.ADMINISTRATORS;
            assertTrue(command.node().matches(admins ? "prekeeper:admin#[a-z-]+" : "prekeeper:user#[a-z-]+"));
            assertTrue(nodes.add(command.node()), command.node());
        }
        assertEquals(14, nodes.size());
    }
}
