package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import prekeeper.wire.Armour;
import prekeeper.wire.EnsembleQuery;
import prekeeper.wire.InstanceTag;

/** A cut network between Prekeeper and Prosody, which refuses a second connection while it takes the first for alive. */
class CutNetworkIT {
    private static final String QUERY =
            Armour.encode(new EnsembleQuery(new InstanceTag(0xB0B0), "nobody@" + PrivateProsody.HOST, "4").encode());
    private static final Duration CUT = Duration.ofSeconds(25);
    private static final Duration BACK = Duration.ofSeconds(10);

    @Test
    void aComponentIsBackWithinTenSecondsOfTheNetwork() throws Exception {
        try (Scratch scratch = Scratch.create();
                PrivateProsody prosody = PrivateProsody.start(scratch);
                CuttableNetwork network = CuttableNetwork.to(prosody.componentPort());
                RunningPrekeeper prekeeper =
                        RunningPrekeeper.start(scratch, prosody, "component.port = " + network.port())) {
            prosody.register("alice", PrivateProsody.HOST, "alice");
            try (XmppUser alice = XmppUser.login(prosody, "alice", PrivateProsody.HOST, "alice", "phone")) {
                alice.ask(PrivateProsody.COMPONENT, QUERY);
                network.cut();
                Thread.sleep(CUT.toMillis());
                assertFalse(isAnswered(alice));
                network.mend();
                Instant deadline = Instant.now().plus(BACK);
                while (!isAnswered(alice)) {
                    assertTrue(Instant.now().isBefore(deadline), prekeeper.log() + prosody.log());
                }
            }
            assertTrue(prekeeper.log().contains("it went silent"), prekeeper.log());
            assertFalse(prekeeper.log().contains("ERROR"), prekeeper.log());
        }
    }

    private static boolean isAnswered(XmppUser user) {
        return user.ask(PrivateProsody.COMPONENT, QUERY, Duration.ofSeconds(1)).isPresent();
    }
}
