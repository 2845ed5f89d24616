package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xmpp.forms.DataForm;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.service.Outcome;
import prekeeper.service.Refusal;
import prekeeper.service.Request;
import prekeeper.service.Tally;
import prekeeper.wire.Draft;
import prekeeper.wire.Fingerprint;
import prekeeper.xmpp.ServerDescription;

class ServerStatusTest extends CommandFixture {
    private static final Point KEY = new Point(Bytes.fromHex("ab".repeat(57)));

    @Test
    void versionsFingerprintsConnectionAndCountsAreShown() {
        publish(ALICE, PHONE, 3);
        Tally tally = new Tally((peer, request, message) -> new Outcome.Ignored(Refusal.NO_HANDSHAKE));
        tally.handle(ALICE, Request.ANY, new byte[0]);
        RunningServer server = new RunningServer(
                ServerDescription.of("prekey.example.org", KEY, "1.2.3", 1000, Map.of()),
                () -> Duration.ofHours(50).plusMinutes(7),
                () -> "connected to here");
        DataForm form = result(new ServerStatus(server, tally, store.inventory()).begin(ADMIN));
        Map<String, String> expected = Map.of(
                "version",
                "1.2.3",
                "java",
                Runtime.version().toString(),
                "store",
                store.inventory().engine(),
                "uptime",
                "2 d 2 h 7 min",
                "connection",
                "connected to here",
                "fingerprint-spec",
                Fingerprint.of(KEY, Draft.SPEC).toHex(),
                "devices",
                "1",
                "prekey-messages",
                "3",
                "refused-no-handshake",
                "1",
                "handshakes",
                "0");
        expected.forEach(
                (variable, value) -> assertEquals(value, form.getField(variable).getFirstValue(), variable));
    }
}
