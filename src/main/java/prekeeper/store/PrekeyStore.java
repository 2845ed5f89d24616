package prekeeper.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import prekeeper.crypto.Point;
import prekeeper.wire.Draft;

/**
 * Keeps what devices publish, by account and instance tag, until it is taken or expires (docs/protocol.md, "Storage").
 *
 * <p>Thread-safe. Every method throws {@link StorageException} when the database gave no answer. What has expired at the
 * passed {@code now} is never counted and never handed out, whether or not it was removed yet; it has expired from the
 * first moment of the second that its expiry names.
 */
public interface PrekeyStore extends AutoCloseable {

    /** The longest profile or prekey message that is kept; clients' own have some hundred bytes. */
    int LONGEST_ENCODING_BYTES = 65_536;

    /**
     * Stores a publication, all of it or nothing, in one transaction.
     *
     * <p>A new Client Profile replaces the old one; what is stored under another long-term key of the same device goes with
     * it. Without one, what is published waits under its own long-term key for the Client Profile. A prekey message whose
     * identifier is stored already, or was ever handed out while the device's profiles lived, is skipped.
     *
     * @throws StorageException also when an encoding is longer than {@link #LONGEST_ENCODING_BYTES}
     */
    void publish(Publication publication, Instant now);

    /** How many prekey messages are stored for a device under a long-term key. */
    int count(DeviceId device, Point longTermKey, Instant now);

    /**
     * Takes, of every device of {@code owner} that speaks {@code draft} and one of {@code versions}, its oldest prekey message
     * out of the store for ever, and returns it with both profiles. Devices without an unexpired Client Profile, an unexpired
     * Prekey Profile of the same draft and a prekey message are left out; of more than {@code most} devices the first
     * published ones are taken.
     *
     * <p>At most once: no two callers, in any process, receive the same message. A crash loses one, never repeats one.
     *
     * @param owner the account's bare JID, already prepared
     * @param versions the OTR versions asked for; what is no digit that a stored profile names is ignored
     * @return empty when no device qualifies, which is also the answer for an unknown account
     */
    List<Ensemble> takeEnsembles(String owner, Draft draft, String versions, int most, Instant now);

    /** The draft of a device's unexpired Client Profile. */
    Optional<Draft> draftOf(DeviceId device, Instant now);

    /** The draft of the most recently published unexpired Client Profile of an account. */
    Optional<Draft> latestDraft(String owner, Instant now);

    @Override
    void close();
}
