package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The harness itself: what the other integration tests take for granted. */
class PrivateProsodyIT {

    @Test
    void usersOfBothHostsReachEachOther() throws Exception {
        try (Scratch scratch = Scratch.create();
                PrivateProsody prosody = PrivateProsody.start(scratch)) {
            Account alicesAccount = prosody.register("alice", XmppServer.HOST);
            Account bobsAccount = prosody.register("bob", XmppServer.OTHER_HOST);
            try (XmppUser alice = XmppUser.login(prosody, alicesAccount, "laptop");
                    XmppUser bob = XmppUser.login(prosody, bobsAccount, "phone")) {
                assertTrue(alice.pings(bob.jid()));
                assertEquals("alice@example.org/laptop", alice.jid());
            }
        }
    }

    @Test
    void componentThatIsNotThereAnswersWithAnError() throws Exception {
        try (Scratch scratch = Scratch.create();
                PrivateProsody prosody = PrivateProsody.start(scratch)) {
            Account alicesAccount = prosody.register("alice", XmppServer.HOST);
            try (XmppUser alice = XmppUser.login(prosody, alicesAccount, "laptop")) {
                assertFalse(alice.pings(XmppServer.COMPONENT));
                assertTrue(alice.request(XmppServer.COMPONENT, "dake", "AAAA.") instanceof IqAnswer.Refused);
                assertTrue(alice.discoverPrekeyServers(XmppServer.HOST).isEmpty());
            }
        }
    }

    @Test
    void restartKeepsAccountsAndPorts() throws Exception {
        try (Scratch scratch = Scratch.create();
                PrivateProsody prosody = PrivateProsody.start(scratch)) {
            Account alicesAccount = prosody.register("alice", XmppServer.HOST);
            int port = prosody.clientPort();
            prosody.restart();
            assertEquals(port, prosody.clientPort());
            XmppUser.login(prosody, alicesAccount, "laptop").close();
        }
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        Path folder;
        ChildProcess child;
        try (Scratch scratch = Scratch.create()) {
            folder = scratch.folder();
            Files.writeString(folder.resolve("file"), "content");
            child = scratch.start("sleep", List.of("sleep", "1000"));
            child.await("life", Duration.ofSeconds(5), child::isAlive);
        }
        assertFalse(child.isAlive());
        assertFalse(Files.exists(folder));
    }
}
