package prekeeper.service;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import prekeeper.crypto.Bytes;
import prekeeper.protocol.Keys;
import prekeeper.protocol.VerificationException;
import prekeeper.protocol.VerifiedClientProfile;
import prekeeper.protocol.VerifiedPrekeyProfile;
import prekeeper.store.DeviceId;
import prekeeper.store.PrekeyStore;
import prekeeper.store.Publication;
import prekeeper.store.Publication.ClientProfileEntry;
import prekeeper.store.Publication.PrekeyMessageEntry;
import prekeeper.store.Publication.PrekeyProfileEntry;
import prekeeper.store.PublicationResult;
import prekeeper.store.Quotas;
import prekeeper.store.StoredDevice;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.PrekeyProfile;

/**
 * Takes over what another prekey server kept of a device, after the checks that a publication would get; but for proofs and
 * MAC, which that server did not keep.
 *
 * <p>What is wrong or expired is left out. Begun again after an interruption, it goes on.
 */
public final class Takeover {
    private static final Quotas PLENTY = new Quotas(Quotas.MOST_PREKEY_MESSAGES, Quotas.MOST_DEVICES);

    /** So many are stored in one transaction. */
    private static final int AT_ONCE = 200;

    private final PrekeyStore store;
    private final Instant now;
    private final DeviceId device;
    private final Map<String, Integer> skipped = new LinkedHashMap<>();
    private final List<PrekeyMessageEntry> waiting = new ArrayList<>();
    private int stored;

    private VerifiedClientProfile client;
    private Optional<PrekeyProfileEntry> prekeyProfile = Optional.empty();

    /**
     * What became of a device.
     *
     * @param taken its profiles are stored
     * @param prekeyMessages how many were given to the store
     * @param skipped why something was left out, and how many times
     */
    public record Result(boolean taken, int prekeyMessages, Map<String, Integer> skipped) {
        public Result {
            skipped = Collections.unmodifiableMap(new LinkedHashMap<>(skipped)); // in the order of what was met
        }
    }

    /** Where prekey messages come from, one after the other; they may be many. */
    @FunctionalInterface
    public interface PrekeyMessages {
        /** Gives each to {@code to}, in the order in which they shall be handed out. */
        void giveTo(PrekeyMessageTaker to);
    }

    /** Is given prekey messages. */
    public interface PrekeyMessageTaker {
        /**
         * One that was kept.
         *
         * @param identifier under which the other server kept it
         */
        void take(int identifier, Bytes encoded);

        /** One that can not be given. */
        void skip(String why);
    }

    private Takeover(PrekeyStore store, DeviceId device, Instant now) {
        this.store = store;
        this.device = device;
        this.now = now;
    }

    /**
     * Stores what is right of {@code device}.
     *
     * @param known what the store has of its account
     */
    public static Result of(
            PrekeyStore store,
            DeviceId device,
            List<StoredDevice> known,
            Optional<Bytes> clientProfile,
            Optional<Bytes> prekeyProfile,
            PrekeyMessages prekeyMessages,
            Instant now) {
        Takeover takeover = new Takeover(store, device, now);
        boolean taken = takeover.run(known, clientProfile, prekeyProfile, prekeyMessages);
        return new Result(taken, takeover.stored, takeover.skipped);
    }

    private boolean run(
            List<StoredDevice> known,
            Optional<Bytes> clientProfile,
            Optional<Bytes> prekeyProfile,
            PrekeyMessages prekeyMessages) {
        boolean hasPublished = known.stream()
                .anyMatch(
                        other -> other.device().equals(device) && other.draft().isPresent());
        if (hasPublished) { // what its client published here since is newer
            return skip("device is stored here already");
        }
        if (clientProfile.isEmpty()) {
            return skip("no client profile");
        }
        try {
            client = VerifiedClientProfile.verify(ClientProfile.decode(clientProfile.get()), device.tag(), now);
        } catch (MalformedMessageException | VerificationException wrong) {
            return skip(name("client profile", wrong));
        }
        prekeyProfile.ifPresentOrElse(this::check, () -> skip("no prekey profile"));
        prekeyMessages.giveTo(new PrekeyMessageTaker() {
            @Override
            public void take(int identifier, Bytes encoded) {
                check(identifier, encoded);
            }

            @Override
            public void skip(String why) {
                Takeover.this.skip(why);
            }
        });
        return storeMessages() && storeProfiles();
    }

    private void check(Bytes encoded) {
        try {
            PrekeyProfile profile =
                    PrekeyProfile.decode(encoded, client.profile().draft());
            VerifiedPrekeyProfile.verify(profile, device.tag(), client.longTermKey(), now);
            prekeyProfile = Optional.of(new PrekeyProfileEntry(encoded, profile.expires()));
        } catch (MalformedMessageException | VerificationException wrong) {
            skip(name("prekey profile", wrong));
        }
    }

    private void check(int identifier, Bytes encoded) {
        if (stored + waiting.size() >= Quotas.MOST_PREKEY_MESSAGES) {
            skip("more than " + Quotas.MOST_PREKEY_MESSAGES + " prekey messages");
            return;
        }
        try {
            PrekeyMessage message = PrekeyMessage.decode(encoded);
            VerificationException.unless(
                    message.identifier() == identifier, "prekey message is not the one that its name says");
            Keys.valid(message, device.tag());
            waiting.add(new PrekeyMessageEntry(identifier, encoded));
        } catch (MalformedMessageException | VerificationException wrong) {
            skip(name("prekey message", wrong));
        }
        if (waiting.size() == AT_ONCE) {
            storeMessages();
        }
    }

    /** Before the profiles: until those are there, the device is not handed out, and an interrupted takeover goes on. */
    private boolean storeMessages() {
        if (waiting.isEmpty()) {
            return true;
        }
        boolean done = publish(Optional.empty(), Optional.empty(), waiting);
        stored += done ? waiting.size() : 0;
        waiting.clear();
        return done;
    }

    private boolean storeProfiles() {
        ClientProfile profile = client.profile();
        return publish(
                Optional.of(new ClientProfileEntry(profile.encoded(), profile.expires(), profile.versions())),
                prekeyProfile,
                List.of());
    }

    private boolean publish(
            Optional<ClientProfileEntry> clientEntry,
            Optional<PrekeyProfileEntry> prekeyEntry,
            List<PrekeyMessageEntry> messages) {
        ClientProfile profile = client.profile();
        PublicationResult result = store.publish(
                new Publication(
                        device,
                        profile.draft(),
                        client.longTermKey().point(),
                        profile.expires(),
                        clientEntry,
                        prekeyEntry,
                        messages),
                PLENTY,
                now);
        return result == PublicationResult.STORED || skip("over a quota: " + result);
    }

    /** False, for whoever ends with it. */
    private boolean skip(String why) {
        skipped.merge(why, 1, Integer::sum);
        return false;
    }

    private static String name(String what, Exception wrong) {
        String text = wrong.getMessage();
        return text.contains(what) ? text : what + ": " + text;
    }
}
