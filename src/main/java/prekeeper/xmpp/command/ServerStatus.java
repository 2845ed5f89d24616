package prekeeper.xmpp.command;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.xmpp.forms.DataForm;
import org.xmpp.forms.FormField;
import prekeeper.service.Peer;
import prekeeper.service.Refusal;
import prekeeper.service.Tally;
import prekeeper.store.Inventory;
import prekeeper.store.StorageException;
import prekeeper.store.StoreCounts;
import prekeeper.wire.Draft;
import prekeeper.wire.Fingerprint;
import prekeeper.wire.MessageType;
import prekeeper.xmpp.AdminNotices;
import prekeeper.xmpp.Command;
import prekeeper.xmpp.Stage;

/** How the server is. */
final class ServerStatus extends Command {
    private final RunningServer server;
    private final Tally tally;
    private final Inventory inventory;

    ServerStatus(RunningServer server, Tally tally, Inventory inventory) {
        super("prekeeper:admin#status", "Server status", Audience.ADMINISTRATORS);
        this.server = server;
        this.tally = tally;
        this.inventory = inventory;
    }

    @Override
    public Stage begin(Peer caller) {
        return Stage.Done.showing(form());
    }

    DataForm form() {
        String engine;
        Optional<StoreCounts> counts;
        try {
            engine = inventory.engine();
            counts = Optional.of(inventory.counts());
        } catch (StorageException fails) { // all the more somebody wants to know how the rest is
            engine = "gives no answer: " + fails.getMessage();
            counts = Optional.empty();
        }
        DataForm form = Forms.result(name());
        Forms.add(form, "version", "Prekeeper", server.description().softwareVersion());
        Forms.add(form, "java", "Java", Runtime.version());
        Forms.add(form, "store", "Database", engine);
        Forms.add(form, "uptime", "Running for", server.uptime());
        Forms.add(form, "connection", "Connection", server.connection().get());
        addNotices(form);
        for (Draft draft : Draft.values()) {
            Forms.add(
                    form,
                    "fingerprint-" + Forms.lower(draft.name()),
                    "Fingerprint, " + draft,
                    Fingerprint.of(server.description().publicKey(), draft).toHex());
        }
        counts.ifPresent(stored -> {
            Forms.add(form, "devices", "Devices stored", stored.devices());
            Forms.add(form, "prekey-messages", "Prekey messages stored", stored.prekeyMessages());
        });
        addAnswers(form);
        return form;
    }

    /** Above all counts, and only when there are any: they ask for somebody's attention. */
    private void addNotices(DataForm form) {
        List<AdminNotices.Notice> notices = server.notices().get();
        if (!notices.isEmpty()) {
            FormField field = form.addField("notices", "Notices since the start", FormField.Type.text_multi);
            notices.forEach(
                    notice -> field.addValue(notice.at().truncatedTo(ChronoUnit.SECONDS) + " " + notice.text()));
        }
    }

    private void addAnswers(DataForm form) {
        answered(form, "handshakes", "Handshakes begun", MessageType.DAKE_2);
        answered(form, "publications", "Publications stored", MessageType.SUCCESS);
        answered(form, "status-requests", "Storage status told", MessageType.STORAGE_STATUS);
        answered(form, "retrievals", "Retrievals with prekeys", MessageType.ENSEMBLE_RETRIEVAL);
        answered(form, "empty-retrievals", "Retrievals without any", MessageType.NO_PREKEY_ENSEMBLES);
        Forms.add(form, "over-limit", "Requests over a limit", tally.overLimit());
        for (Refusal why : Refusal.values()) {
            String name = Forms.lower(why.name()).replace('_', '-');
            Forms.add(form, "refused-" + name, "Refused: " + name.replace('-', ' '), tally.refused(why));
        }
    }

    private void answered(DataForm form, String variable, String label, MessageType answer) {
        Forms.add(form, variable, label, tally.answered(answer));
    }
}
