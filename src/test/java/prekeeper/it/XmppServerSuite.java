package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The harness itself: what the other integration tests take for granted of either {@link XmppServer}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class XmppServerSuite {
    private Scratch scratch;
    private XmppServer server;

    abstract XmppServer startServer(Scratch scratch) throws IOException;

    @BeforeAll
    void start() throws IOException {
        scratch = Scratch.create();
        server = startServer(scratch);
    }

    @AfterAll
    void end() {
        scratch.close();
    }

    @Test
    void usersOfBothHostsReachEachOther() throws Exception {
        Account alicesAccount = server.register("alice", XmppServer.HOST);
        Account bobsAccount = server.register("bob", XmppServer.OTHER_HOST);
        try (XmppUser alice = XmppUser.login(server, alicesAccount, "laptop");
                XmppUser bob = XmppUser.login(server, bobsAccount, "phone")) {
            assertTrue(alice.pings(bob.jid()));
            assertEquals("alice@example.org/laptop", alice.jid());
        }
    }

    @Test
    void componentThatIsNotThereAnswersWithAnError() throws Exception {
        Account carolsAccount = server.register("carol", XmppServer.HOST);
        try (XmppUser carol = XmppUser.login(server, carolsAccount, "laptop")) {
            assertFalse(carol.pings(XmppServer.COMPONENT));
            assertTrue(carol.request(XmppServer.COMPONENT, "dake", "AAAA.") instanceof IqAnswer.Refused);
            assertTrue(carol.discoverPrekeyServers(XmppServer.HOST).isEmpty());
        }
    }

    @Test
    void restartsAndKillsKeepAccountsAndPorts() throws Exception {
        Account davesAccount = server.register("dave", XmppServer.HOST);
        int port = server.clientPort();
        server.restart();
        assertEquals(port, server.clientPort());
        XmppUser.login(server, davesAccount, "laptop").close();
        Account erinsAccount = server.register("erin", XmppServer.HOST);
        server.kill();
        assertFalse(server.isAlive());
        server.start();
        XmppUser.login(server, davesAccount, "laptop").close();
        XmppUser.login(server, erinsAccount, "laptop").close();
    }
}
