package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dom4j.Element;
import org.xmpp.forms.DataForm;
import org.xmpp.forms.FormField;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.service.LowStock;
import prekeeper.service.Peer;
import prekeeper.store.DeviceId;
import prekeeper.store.InMemoryPrekeyStore;
import prekeeper.store.Publication;
import prekeeper.store.Quotas;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;
import prekeeper.xmpp.BlockedPeers;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.InvalidInputException;
import prekeeper.xmpp.Limits;
import prekeeper.xmpp.LiveLimits;
import prekeeper.xmpp.SetClock;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submission;

/** What commands work on, and somebody who uses them. */
class CommandFixture {
    static final Peer ADMIN = new Peer("admin@example.org/home", "admin@example.org");
    static final Peer ALICE = new Peer("alice@example.org/phone", "alice@example.org");
    static final String PHONE = "00001000";
    static final String LAPTOP = "1a2b3c4d";
    static final Instant EXPIRES = SetClock.START.plus(Duration.ofDays(7));

    final SetClock clock = new SetClock();
    final InMemoryPrekeyStore store = new InMemoryPrekeyStore();
    final LiveLimits limits = new LiveLimits(Limits.DEFAULT);
    final BlockedPeers blocked = new BlockedPeers(store.blockList(), clock);
    final List<LowStock> told = new ArrayList<>();

    /** Publishes profiles that expire at {@link #EXPIRES} and so many prekey messages. */
    void publish(Peer owner, String tag, int messages) {
        publish(owner, tag, messages, EXPIRES);
    }

    void publish(Peer owner, String tag, int messages, Instant expires) {
        List<Publication.PrekeyMessageEntry> entries = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            entries.add(new Publication.PrekeyMessageEntry(i, Bytes.of((byte) i)));
        }
        store.publish(
                new Publication(
                        device(owner, tag),
                        Draft.SPEC,
                        new Point(Bytes.fromHex("ab".repeat(57))),
                        expires,
                        Optional.of(new Publication.ClientProfileEntry(Bytes.EMPTY, expires, "4")),
                        Optional.of(new Publication.PrekeyProfileEntry(Bytes.EMPTY, expires.minusSeconds(60))),
                        entries),
                new Quotas(500, 8),
                clock.instant());
    }

    static DeviceId device(Peer owner, String tag) {
        return new DeviceId(owner.account(), new InstanceTag(Integer.parseUnsignedInt(tag, 16)));
    }

    /** The tags of what is stored of {@code owner}. */
    List<String> stored(Peer owner) {
        return store.inventory().devices(owner.account(), clock.instant()).stream()
                .map(device -> device.device().tag().toString())
                .toList();
    }

    boolean tell(LowStock low) {
        return told.add(low);
    }

    static Stage.Ask ask(Stage stage) {
        return assertInstanceOf(Stage.Ask.class, stage);
    }

    static Stage.Ask begin(Command command, Peer caller) {
        return ask(command.begin(caller));
    }

    static Stage submit(Stage.Ask stage, Submission submission) {
        return stage.next().apply(submission);
    }

    static String refusal(Stage.Ask stage, Submission submission) {
        return assertThrows(InvalidInputException.class, () -> submit(stage, submission))
                .getMessage();
    }

    static String note(Stage stage) {
        return assertInstanceOf(Stage.Done.class, stage).note().orElseThrow().text();
    }

    static DataForm result(Stage stage) {
        return assertInstanceOf(Stage.Done.class, stage).result().orElseThrow();
    }

    /** The rows of a table, by variable. */
    static List<Map<String, String>> rows(DataForm table) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (Element item : table.getElement().elements("item")) {
            Map<String, String> row = new HashMap<>();
            for (Element field : item.elements("field")) {
                row.put(field.attributeValue("var"), field.elementText("value"));
            }
            rows.add(row);
        }
        return rows;
    }

    static List<String> options(Stage.Ask stage, String variable) {
        return stage.form().getField(variable).getOptions().stream()
                .map(FormField.Option::getValue)
                .toList();
    }
}
