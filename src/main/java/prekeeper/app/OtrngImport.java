package prekeeper.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import prekeeper.crypto.Bytes;
import prekeeper.service.Takeover;
import prekeeper.store.DeviceId;
import prekeeper.store.Inventory;
import prekeeper.store.PrekeyStore;

/** Imports the accounts of a list from an {@link OtrngFolder}, and tells about each of them what became of it. */
final class OtrngImport {
    private final OtrngFolder folder;
    private final PrekeyStore store;
    private final Inventory inventory;
    private final Instant now;
    private final Consumer<String> tell;

    private final Set<Path> found = new HashSet<>();
    private long accounts;
    private long absent;
    private long devices;
    private long prekeyMessages;

    /** @param tell is told a line about each account that has something there */
    OtrngImport(OtrngFolder folder, PrekeyStore store, Inventory inventory, Instant now, Consumer<String> tell) {
        this.folder = folder;
        this.store = store;
        this.inventory = inventory;
        this.now = now;
        this.tell = tell;
    }

    /**
     * Imports all of them.
     *
     * @param names the prepared names of accounts, with the names as they were written
     * @return a line that sums everything up
     * @throws IOException when something is there and can not be read; what was imported before stays
     */
    String run(Map<String, String> names) throws IOException {
        try {
            for (Map.Entry<String, String> name : names.entrySet()) {
                importAccount(name.getKey(), name.getValue());
            }
            return "imported %d devices and %d prekey messages of %d accounts; %d accounts of the list have nothing there; %d folders there belong to no account of the list"
                    .formatted(devices, prekeyMessages, accounts, absent, folder.countOthers(found));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** That server knew accounts by the name that its XMPP server gave them, which may not have been prepared as ours are. */
    private void importAccount(String owner, String written) throws IOException {
        List<Path> folders = Stream.of(owner, written)
                .distinct()
                .map(folder::account)
                .flatMap(Optional::stream)
                .toList();
        if (folders.isEmpty()) {
            absent++;
            return;
        }
        accounts++;
        for (Path account : folders) {
            found.add(account);
            List<OtrngFolder.Device> there =
                    folder.devices(account, impossible -> tell.accept(owner + " " + impossible));
            if (there.isEmpty()) {
                tell.accept(owner + ": no devices");
            }
            for (OtrngFolder.Device device : there) {
                importDevice(owner, device);
            }
        }
    }

    private void importDevice(String owner, OtrngFolder.Device device) throws IOException {
        OtrngFolder.Content client = folder.clientProfile(device);
        OtrngFolder.Content prekey = folder.prekeyProfile(device);
        List<Path> messages = folder.prekeyMessages(device);
        Takeover.Result result = Takeover.of(
                store,
                new DeviceId(owner, device.tag()),
                inventory.devices(owner, now),
                client.bytes(),
                prekey.bytes(),
                to -> messages.forEach(file -> give(file, to)),
                now);
        devices += result.taken() ? 1 : 0;
        prekeyMessages += result.prekeyMessages();
        Map<String, Integer> skipped = new LinkedHashMap<>();
        Stream.of(client, prekey)
                .flatMap(content -> content.problem().stream())
                .forEach(problem -> skipped.put(problem, 1));
        result.skipped().forEach((why, times) -> skipped.merge(why, times, Integer::sum));
        tell.accept(owner + " " + device.tag() + ": "
                + (result.taken() ? "imported with " + result.prekeyMessages() + " prekey messages" : "not imported")
                + describe(skipped));
    }

    private static void give(Path file, Takeover.PrekeyMessageTaker to) {
        try {
            OtrngFolder.Content content = OtrngFolder.prekeyMessage(file);
            content.problem().ifPresent(to::skip);
            content.bytes().ifPresent((Bytes bytes) -> to.take(OtrngFolder.identifier(file), bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String describe(Map<String, Integer> skipped) {
        StringBuilder text = new StringBuilder();
        skipped.forEach((why, times) -> {
            text.append("; ").append(why);
            if (times > 1) {
                text.append(" (").append(times).append(" times)");
            }
        });
        return text.toString();
    }
}
