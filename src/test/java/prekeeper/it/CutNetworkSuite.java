package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import prekeeper.wire.Armour;
import prekeeper.wire.EnsembleQuery;
import prekeeper.wire.InstanceTag;

/**
 * A cut network between Prekeeper and its XMPP server. Prosody refuses a second connection while it takes the first for alive.
 */
abstract class CutNetworkSuite {
    private static final String QUERY =
            Armour.encode(new EnsembleQuery(new InstanceTag(0xB0B0), "nobody@" + XmppServer.HOST, "4").encode());
    private static final Duration CUT = Duration.ofSeconds(25);
    private static final Duration BACK = Duration.ofSeconds(10);

    abstract XmppServer startServer(Scratch scratch) throws IOException;

    @Test
    void aComponentIsBackWithinTenSecondsOfTheNetwork() throws Exception {
        try (Scratch scratch = Scratch.create();
                XmppServer xmpp = startServer(scratch);
                CuttableNetwork network = CuttableNetwork.to(xmpp.componentPort());
                RunningPrekeeper prekeeper =
                        RunningPrekeeper.start(scratch, xmpp, "component.port = " + network.port())) {
            Account account = xmpp.register("alice", XmppServer.HOST);
            try (XmppUser alice = XmppUser.login(xmpp, account, "phone")) {
                alice.ask(XmppServer.COMPONENT, QUERY);
                network.cut();
                Thread.sleep(CUT.toMillis());
                assertFalse(isAnswered(alice));
                network.mend();
                Instant deadline = Instant.now().plus(BACK);
                while (!isAnswered(alice)) {
                    assertTrue(Instant.now().isBefore(deadline), prekeeper.log() + xmpp.log());
                }
            }
            assertTrue(prekeeper.log().contains("it went silent"), prekeeper.log());
            assertFalse(prekeeper.log().contains("ERROR"), prekeeper.log());
        }
    }

    private static boolean isAnswered(XmppUser user) {
        return user.ask(XmppServer.COMPONENT, QUERY, Duration.ofSeconds(1)).isPresent();
    }
}
