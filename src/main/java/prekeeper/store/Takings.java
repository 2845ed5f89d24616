package prekeeper.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import prekeeper.crypto.Bytes;
import prekeeper.store.DamagedException.Message;
import prekeeper.wire.InstanceTag;

/** Collects what one transaction takes, and what of it is damaged. Used once, by one thread. */
final class Takings {
    private final List<Ensemble> ensembles = new ArrayList<>();
    private final List<Long> damagedProfiles = new ArrayList<>();
    private final List<Message> damagedMessages = new ArrayList<>();

    int size() {
        return ensembles.size();
    }

    /**
     * Adds one device's, as it is stored.
     *
     * @param sequence of the prekey message
     * @param remaining see {@link Ensemble}
     */
    void add(RowId row, InstanceTag tag, Profiles profiles, long sequence, Bytes message, int remaining) {
        Optional<Bytes> clientProfile = Checked.open(profiles.client());
        Optional<Bytes> prekeyProfile = Checked.open(profiles.prekey());
        Optional<Bytes> prekeyMessage = Checked.open(message);
        if (clientProfile.isEmpty() || prekeyProfile.isEmpty()) {
            damagedProfiles.add(row.id());
        } else if (prekeyMessage.isEmpty()) {
            damagedMessages.add(new Message(row, sequence));
        } else {
            ensembles.add(new Ensemble(
                    new DeviceId(row.owner(), tag),
                    clientProfile.get(),
                    prekeyProfile.get(),
                    prekeyMessage.get(),
                    remaining));
        }
    }

    /**
     * All of them.
     *
     * @throws DamagedException when something is damaged
     */
    List<Ensemble> whole() {
        if (!damagedProfiles.isEmpty() || !damagedMessages.isEmpty()) {
            throw new DamagedException(damagedProfiles, damagedMessages);
        }
        return ensembles;
    }

    /** Both profiles of a device, as they are stored. */
    record Profiles(Bytes client, Bytes prekey) {}
}
