package prekeeper.store;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Contents as a list of what was shown, in its order; equal to others that show the same. */
public class RecordedContents implements StoreContents, Contents.Sink {
    private final List<Object> shown = new ArrayList<>();

    private record Blocked(String entry, Instant since) {}

    private record Mark(String server, long mark, boolean forgiven) {}

    private record Message(long sequence, StoredBytes encoded) {}

    private record Identifier(int value) {}

    /** What {@code contents} show. */
    public static RecordedContents of(Contents contents) throws IOException {
        RecordedContents recorded = new RecordedContents();
        contents.showTo(recorded);
        return recorded;
    }

    @Override
    public void showTo(Sink sink) throws IOException {
        for (Object each : shown) {
            if (each instanceof Blocked blocked) {
                sink.blocked(blocked.entry, blocked.since);
            } else if (each instanceof Mark mark) {
                sink.takingMark(mark.server, mark.mark, mark.forgiven);
            } else if (each instanceof DeviceContents device) {
                sink.device(device);
            } else if (each instanceof Message message) {
                sink.prekeyMessage(message.sequence, message.encoded);
            } else if (each instanceof Identifier identifier) {
                sink.rememberedIdentifiers(List.of(identifier.value));
            }
        }
    }

    @Override
    public void fillFrom(Contents contents) throws IOException {
        if (shown.stream().anyMatch(DeviceContents.class::isInstance)) {
            throw new StorageException("the store has devices", null);
        }
        shown.addAll(of(contents).shown);
    }

    @Override
    public long spend() {
        long before = shown.size();
        shown.removeIf(Message.class::isInstance);
        return before - shown.size();
    }

    @Override
    public void blocked(String entry, Instant since) {
        shown.add(new Blocked(entry, since));
    }

    @Override
    public void takingMark(String server, long mark, boolean forgiven) {
        shown.add(new Mark(server, mark, forgiven));
    }

    @Override
    public void device(DeviceContents device) {
        shown.add(device);
    }

    @Override
    public void prekeyMessage(long sequence, StoredBytes encoded) {
        shown.add(new Message(sequence, encoded));
    }

    @Override
    public void rememberedIdentifiers(List<Integer> identifiers) {
        identifiers.stream().map(Identifier::new).forEach(shown::add);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecordedContents that && shown.equals(that.shown);
    }

    @Override
    public int hashCode() {
        return shown.hashCode();
    }

    @Override
    public String toString() {
        return shown.toString();
    }
}
