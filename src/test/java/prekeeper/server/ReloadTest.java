package prekeeper.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.service.Peer;
import prekeeper.store.InMemoryPrekeyStore;
import prekeeper.xmpp.AccessRules;
import prekeeper.xmpp.BlockedPeers;
import prekeeper.xmpp.LiveLimits;
import prekeeper.xmpp.RateLimit;

class ReloadTest {
    private static final String LEAST = "prekeeper.component { jid = prekey.example.org, secret = hunter2 }\n";
    private static final Peer STRANGER = new Peer("carol@example.net/a", "carol@example.net");

    @TempDir
    private Path folder;

    private Settings settings(String more) throws Exception {
        Path file = Files.writeString(folder.resolve("prekeeper.conf"), LEAST + more);
        return Settings.load(file, Map.of());
    }

    private record Parts(LiveLimits limits, AccessRules rules) {
        static Parts of(Settings settings) {
            LiveLimits limits = new LiveLimits(settings.limits());
            InstantSource clock = InstantSource.fixed(Instant.EPOCH);
            return new Parts(
                    limits,
                    new AccessRules(
                            Server.domains(settings),
                            new BlockedPeers(new InMemoryPrekeyStore().blockList(), clock),
                            limits,
                            clock));
        }

        Reload reload(Settings started, Settings now) {
            return Reload.into(limits, rules, started, now);
        }

        boolean mayPublish() {
            return rules.refuseHandshake(STRANGER).isEmpty();
        }
    }

    @Test
    void limitsAndDomainsAreInForceAtOnce() throws Exception {
        Settings started = settings("");
        Parts parts = Parts.of(started);
        assertEquals(false, parts.mayPublish());
        Settings now = settings("prekeeper { limits.handshakes.burst = 7, publishers.domains = [example.net] }");
        assertEquals(new Reload(List.of("limits", "publishers and retrievers"), List.of()), parts.reload(started, now));
        assertEquals(
                7, parts.limits().current().rates().get(RateLimit.HANDSHAKES).burst());
        assertEquals(true, parts.mayPublish());
        assertEquals(new Reload(List.of(), List.of()), parts.reload(started, now));
    }

    @Test
    void aLimitThatAnAdministratorChangedGoesBackToTheConfiguration() throws Exception {
        Settings started = settings("prekeeper.limits.devices = 3");
        Parts parts = Parts.of(started);
        parts.limits().change(settings("").limits());
        assertEquals(new Reload(List.of("limits"), List.of()), parts.reload(started, started));
        assertEquals(3, parts.limits().current().stock().quotas().devices());
    }

    @Test
    void whatNeedsARestartIsNamedAsLongAsItDiffers() throws Exception {
        Settings started = settings("");
        Parts parts = Parts.of(started);
        Settings now = settings("""
                prekeeper {
                  component { port = 1234, secret = other }
                  store.url = "jdbc:h2:mem:other"
                  key-file = other.key
                  admins = ["admin@example.org"]
                  contacts.admin = ["mailto:admin@example.org"]
                  metrics.enabled = true
                }
                """);
        List<String> names = List.of("component", "store", "secrets", "key-file", "admins", "contacts", "metrics");
        assertEquals(new Reload(List.of(), names.stream().toList()), parts.reload(started, now));
        assertEquals(new Reload(List.of(), List.of()), parts.reload(started, started));
    }
}
