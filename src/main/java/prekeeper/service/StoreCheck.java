package prekeeper.service;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import prekeeper.crypto.Point;
import prekeeper.crypto.ValidPoint;
import prekeeper.protocol.Keys;
import prekeeper.protocol.VerificationException;
import prekeeper.protocol.VerifiedClientProfile;
import prekeeper.protocol.VerifiedPrekeyProfile;
import prekeeper.store.Contents;
import prekeeper.store.DeviceContents;
import prekeeper.store.DeviceContents.ClientProfileContents;
import prekeeper.store.DeviceContents.PrekeyProfileContents;
import prekeeper.store.StoredBytes;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.PrekeyProfile;

/**
 * Checks that whatever a store has still decodes and verifies, and is what the columns beside it say. Shown a store, it tells
 * each fault as it meets it. What has expired is counted and no fault; quotas may have been others and are not asked.
 *
 * <p>Not thread-safe, used once. Of one device at a time it keeps the identifiers of the prekey messages.
 */
public final class StoreCheck implements Contents.Sink {
    private static final long MOST_SEQUENCE = 1L << 32;
    private static final long MOST_TAG = 0xFFFF_FFFFL;

    private final Instant now;
    private final Consumer<Fault> faults;

    private long devices;
    private long expiredDevices;
    private long prekeyMessages;
    private long identifiers;
    private long found;

    private DeviceContents device;
    private Optional<InstanceTag> tag = Optional.empty();
    private long lastSequence;
    private Optional<Integer> lastIdentifier = Optional.empty();
    /** Of the prekey messages of {@link #device}; less those that were seen to be remembered. */
    private final Set<Integer> toBeRemembered = new HashSet<>();

    /**
     * Something that is not as it should be.
     *
     * @param owner the account, as stored
     * @param tag the device, eight hexadecimal digits if it has a possible tag
     * @param what names the object and says what is wrong with it
     */
    public record Fault(String owner, String tag, String what) {}

    /**
     * What was looked at.
     *
     * @param devices one for each device and long-term key
     * @param expired how many of these have expired
     * @param identifiers that are remembered
     */
    public record Summary(long devices, long expired, long prekeyMessages, long identifiers, long faults) {}

    /** @param faults told each fault, in the order of the store */
    public StoreCheck(Instant now, Consumer<Fault> faults) {
        this.now = now;
        this.faults = faults;
    }

    /** To be called when everything was shown. */
    public Summary finish() {
        finishDevice();
        return new Summary(devices, expiredDevices, prekeyMessages, identifiers, found);
    }

    @Override
    public void blocked(String entry, Instant since) {
        // any text may be blocked
    }

    @Override
    public void takingMark(String server, long mark, boolean forgiven) {
        // any number may be reached
    }

    @Override
    public void device(DeviceContents next) {
        finishDevice();
        devices++;
        if (!now.isBefore(next.expires())) {
            expiredDevices++;
        }
        device = next;
        lastSequence = -1;
        lastIdentifier = Optional.empty();
        tag = tag(next.tag());
        if (tag.isEmpty()) {
            fault("instance tag " + Long.toHexString(next.tag()) + " is impossible");
        }
        if (next.nextSequence() < 0 || next.nextSequence() > MOST_SEQUENCE) {
            fault("next sequence number " + next.nextSequence() + " is impossible");
        }
        Optional<ValidPoint> key = next.longTermKey().length() == Point.BYTES
                ? ValidPoint.of(new Point(next.longTermKey()))
                : Optional.empty();
        if (key.isEmpty()) {
            fault("long-term key is no valid point");
        }
        if (tag.isPresent() && key.isPresent()) {
            next.clientProfile().ifPresent(profile -> check(profile, tag.get(), key.get()));
            next.prekeyProfile().ifPresent(profile -> check(profile, tag.get(), key.get()));
        }
    }

    private void check(ClientProfileContents stored, InstanceTag owner, ValidPoint key) {
        check("client profile", stored.encoded(), () -> {
            ClientProfile profile = ClientProfile.decode(stored.encoded().bytes());
            VerifiedClientProfile.verifyWhenever(profile, owner);
            unlessSame("client profile", "long-term key", profile.longTermKey(), key.point());
            unlessSame("client profile", "draft", profile.draft().name(), stored.draft());
            unlessSame("client profile", "versions", profile.versions(), stored.versions());
            unlessSame("client profile", "expiry", profile.expires(), device.expires());
        });
    }

    private void check(PrekeyProfileContents stored, InstanceTag owner, ValidPoint key) {
        Optional<Draft> draft = Stream.of(Draft.values())
                .filter(known -> known.name().equals(stored.draft()))
                .findFirst();
        if (draft.isEmpty()) {
            fault("prekey profile: unknown draft in its row");
            return;
        }
        check("prekey profile", stored.encoded(), () -> {
            PrekeyProfile profile = PrekeyProfile.decode(stored.encoded().bytes(), draft.get());
            VerifiedPrekeyProfile.verifyWhenever(profile, owner, key);
            unlessSame("prekey profile", "expiry", profile.expires(), stored.expires());
        });
    }

    @Override
    public void prekeyMessage(long sequence, StoredBytes encoded) {
        prekeyMessages++;
        String name = "prekey message at " + sequence;
        if (sequence <= lastSequence || sequence >= device.nextSequence()) {
            fault(name + ": behind the next one of its device");
        }
        lastSequence = sequence;
        check(name, encoded, () -> {
            PrekeyMessage message = PrekeyMessage.decode(encoded.bytes());
            VerificationException.unless(
                    toBeRemembered.add(message.identifier()), "another one has its identifier " + hex(message));
            if (tag.isPresent()) {
                Keys.valid(message, tag.get());
            }
        });
    }

    @Override
    public void rememberedIdentifiers(List<Integer> some) {
        identifiers += some.size();
        for (int identifier : some) {
            if (lastIdentifier
                    .filter(last -> Integer.compareUnsigned(last, identifier) >= 0)
                    .isPresent()) {
                fault("remembered identifiers are not in order");
            }
            lastIdentifier = Optional.of(identifier);
            toBeRemembered.remove(identifier);
        }
    }

    private void finishDevice() {
        toBeRemembered.stream()
                .sorted(Integer::compareUnsigned)
                .forEach(forgotten -> fault(String.format(
                        "prekey message with identifier %08x: the identifier is not remembered", forgotten)));
        toBeRemembered.clear();
    }

    private interface Check {
        void run() throws MalformedMessageException, VerificationException;
    }

    private void check(String name, StoredBytes encoded, Check check) {
        if (!encoded.intact()) {
            fault(name + ": checksum is wrong");
            return;
        }
        try {
            check.run();
        } catch (MalformedMessageException | VerificationException wrong) {
            fault(name + ": " + wrong.getMessage());
        }
    }

    private static <T> void unlessSame(String what, String which, T inside, T beside) throws VerificationException {
        VerificationException.unless(inside.equals(beside), which + " in its row is not that of the " + what);
    }

    private void fault(String what) {
        found++;
        String name = tag.map(InstanceTag::toString).orElseGet(() -> Long.toHexString(device.tag()));
        faults.accept(new Fault(device.owner(), name, what));
    }

    private static Optional<InstanceTag> tag(long number) {
        return number < InstanceTag.LEAST || number > MOST_TAG
                ? Optional.empty()
                : Optional.of(new InstanceTag((int) number));
    }

    private static String hex(PrekeyMessage message) {
        return String.format("%08x", message.identifier());
    }
}
