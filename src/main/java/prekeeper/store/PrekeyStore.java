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
    int LONGEST_ENCODING_BYTES = 65_528;

    /**
     * Stores a publication, all of it or nothing, in one transaction.
     *
     * <p>A new Client Profile replaces the old one; what is stored under another long-term key of the same device goes with
     * it. Without one, what is published waits under its own long-term key for the Client Profile. A prekey message whose
     * identifier is stored already, or was ever handed out while the device's profiles lived, is skipped. Whatever of the
     * account has expired is removed.
     *
     * <p>A device is new when nothing unexpired is stored under its tag. What an account has under several long-term keys of
     * one device waits beside it; no more than twice {@link Quotas#devices()} are kept in all. Quotas refuse growth only: what
     * was stored under larger ones stays, and its device may go on to renew its profiles.
     *
     * @return whether it was stored; when a quota forbids it nothing is, not even what is within the quota
     * @throws StorageException also when an encoding is longer than {@link #LONGEST_ENCODING_BYTES}
     */
    PublicationResult publish(Publication publication, Quotas quotas, Instant now);

    /** How many prekey messages are stored for a device under a long-term key. */
    int count(DeviceId device, Point longTermKey, Instant now);

    /**
     * Takes, of every device of the owner that speaks the draft and one of the versions, its oldest prekey message out of the
     * store for ever, and returns it with both profiles. Devices without an unexpired Client Profile, an unexpired Prekey
     * Profile of the same draft and a prekey message are left out; of more than {@link Take#most()} devices the first
     * published ones are taken.
     *
     * <p>At most once: no two callers, in any process, receive the same message. A crash loses one, never repeats one.
     *
     * @return empty when no device qualifies, which is also the answer for an unknown account
     */
    List<Ensemble> takeEnsembles(Take take, Instant now);

    /** The draft of a device's unexpired Client Profile. */
    Optional<Draft> draftOf(DeviceId device, Instant now);

    /** The draft of the most recently published unexpired Client Profile of an account. */
    Optional<Draft> latestDraft(String owner, Instant now);

    @Override
    void close();
}
