package prekeeper.xmpp.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.xmpp.forms.DataForm;
import org.xmpp.forms.FormField;
import prekeeper.store.DeviceId;
import prekeeper.store.StoredDevice;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;
import prekeeper.xmpp.BlockedPeers;
import prekeeper.xmpp.InvalidInputException;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submission;

/** The forms that several commands share (XEP-0004). */
final class Forms {
    static final String ACCOUNT = "account";
    static final String DEVICES = "devices";
    static final String INSTANCE_TAG = "instance-tag";

    private Forms() {}

    /** An empty form to fill in. */
    static DataForm toFillIn(String title, String instructions) {
        DataForm form = new DataForm(DataForm.Type.form);
        form.setTitle(title);
        form.addInstruction(instructions);
        return form;
    }

    /** An empty result. */
    static DataForm result(String title) {
        DataForm form = new DataForm(DataForm.Type.result);
        form.setTitle(title);
        return form;
    }

    /** One line of a result. */
    static void add(DataForm form, String variable, String label, Object value) {
        form.addField(variable, label, FormField.Type.text_single).addValue(value.toString());
    }

    /** A form that asks for an account. */
    static DataForm askingForAccount(String title, String instructions) {
        DataForm form = toFillIn(title, instructions);
        form.addField(ACCOUNT, "Account", FormField.Type.jid_single).setRequired(true);
        return form;
    }

    /** The prepared account that was filled in. */
    static String account(Submission submission) {
        String written = submission.required(ACCOUNT, "The account");
        return BlockedPeers.prepareEntry(written)
                .filter(entry -> entry.indexOf('@') > 0)
                .orElseThrow(() ->
                        new InvalidInputException("\"" + written + "\" is no account, such as user@example.org."));
    }

    /** The last stage of commands that show the devices of an account. */
    static Stage devices(String account, List<StoredDevice> devices) {
        DataForm table = table("Devices of " + account, devices);
        return devices.isEmpty()
                ? Stage.Done.showing(table, "Nothing is stored of " + account + ".")
                : Stage.Done.showing(table);
    }

    private static DataForm table(String title, List<StoredDevice> devices) {
        DataForm form = result(title);
        form.addReportedField(INSTANCE_TAG, "Device", FormField.Type.text_single);
        form.addReportedField("state", "State", FormField.Type.text_single);
        form.addReportedField("prekey-messages", "Prekey messages", FormField.Type.text_single);
        form.addReportedField("expires", "Expires", FormField.Type.text_single);
        form.addReportedField("prekey-profile-expires", "Prekey Profile expires", FormField.Type.text_single);
        devices.forEach(device -> form.addItemFields(row(device)));
        return form;
    }

    private static Map<String, Object> row(StoredDevice device) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put(INSTANCE_TAG, device.device().tag().toString());
        row.put("state", state(device));
        row.put("prekey-messages", Integer.toString(device.prekeyMessages()));
        row.put("expires", device.expires().toString());
        row.put(
                "prekey-profile-expires",
                device.prekeyProfileExpires().map(Object::toString).orElse(""));
        return row;
    }

    private static String state(StoredDevice device) {
        return device.draft().map(Draft::name).orElse("waits for its Client Profile");
    }

    /** A form that lets some of {@code devices} be chosen; a device with several keys is one choice. */
    static DataForm choosing(String title, String instructions, List<StoredDevice> devices) {
        DataForm form = toFillIn(title, instructions);
        FormField field = form.addField(DEVICES, "Devices", FormField.Type.list_multi);
        field.setRequired(true);
        Map<InstanceTag, String> labels = new LinkedHashMap<>();
        for (StoredDevice device : devices) {
            labels.merge(
                    device.device().tag(),
                    device.device().tag() + ": " + device.prekeyMessages() + " prekey messages until "
                            + device.expires(),
                    (one, other) -> one + "; " + other);
        }
        labels.forEach((tag, label) -> field.addOption(label, tag.toString()));
        return form;
    }

    /** The devices of {@code owner} that were chosen among {@code devices}, at least one. */
    static List<DeviceId> chosen(Submission submission, List<StoredDevice> devices) {
        List<String> tags = submission.values(DEVICES);
        List<DeviceId> chosen = devices.stream()
                .map(StoredDevice::device)
                .filter(device -> tags.contains(device.tag().toString()))
                .distinct()
                .toList();
        if (chosen.isEmpty() || chosen.size() < tags.stream().distinct().count()) {
            throw new InvalidInputException("Choose one or more of the devices.");
        }
        return chosen;
    }

    /** {@code 1 device} or {@code 3 devices}. */
    static String counted(long number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
