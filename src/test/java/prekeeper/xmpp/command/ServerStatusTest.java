package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xmpp.forms.DataForm;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.service.Outcome;
import prekeeper.service.Refusal;
import prekeeper.service.Request;
import prekeeper.service.Tally;
import prekeeper.store.Inventory;
import prekeeper.store.StorageException;
import prekeeper.wire.Draft;
import prekeeper.wire.Fingerprint;
import prekeeper.xmpp.AdminNotices;
import prekeeper.xmpp.ServerDescription;

class ServerStatusTest extends CommandFixture {
    private static final Point KEY = new Point(Bytes.fromHex("ab".repeat(57)));

    private final List<AdminNotices.Notice> notices = new ArrayList<>();
    private final Tally tally = new Tally((peer, request, message) -> new Outcome.Ignored(Refusal.NO_HANDSHAKE));

    private DataForm status() {
        return status(store.inventory());
    }

    private DataForm status(Inventory inventory) {
        RunningServer server = new RunningServer(
                ServerDescription.of("prekey.example.org", KEY, "1.2.3", 1000, Map.of()),
                () -> Duration.ofHours(50).plusMinutes(7),
                () -> "connected to here",
                () -> notices);
        return result(new ServerStatus(server, tally, inventory).begin(ADMIN));
    }

    @Test
    void versionsFingerprintsConnectionAndCountsAreShown() {
        publish(ALICE, PHONE, 3);
        tally.handle(ALICE, Request.ANY, new byte[0]);
        DataForm form = status();
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

    @Test
    void aStoreThatGivesNoAnswerIsSaidSoAndTheRestIsShown() {
        Inventory full = (Inventory) Proxy.newProxyInstance(
                Inventory.class.getClassLoader(), new Class<?>[] {Inventory.class}, (proxy, method, arguments) -> {
                    throw new StorageException("no space left", null);
                });
        DataForm form = status(full);
        assertEquals("gives no answer: no space left", form.getField("store").getFirstValue());
        assertNull(form.getField("devices"));
        assertEquals("connected to here", form.getField("connection").getFirstValue());
    }

    @Test
    void noticesAreShownWhenThereAreAny() {
        assertNull(status().getField("notices"));
        notices.add(new AdminNotices.Notice(Instant.parse("2026-01-02T03:04:05.678Z"), "This happened."));
        notices.add(new AdminNotices.Notice(Instant.parse("2026-01-02T04:05:06Z"), "That as well."));
        assertEquals(
                List.of("2026-01-02T03:04:05Z This happened.", "2026-01-02T04:05:06Z That as well."),
                status().getField("notices").getValues());
    }
}
