package prekeeper.client;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.SecretBytes;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.PrekeyProfile;

/**
 * One device of an account: its long-term, forging and shared-prekey secrets, its two profiles, and the secrets of the
 * prekey messages it made. Lives in memory; {@link #secrets()} is for keeping it, {@link #close()} wipes what can be wiped.
 *
 * <p>Thread-safe, but for {@link #close()}, which comes after all other use.
 */
public final class PrekeyDevice implements AutoCloseable {
    /** Of OTR that are spoken. */
    static final String VERSIONS = "4";

    private final Draft draft;
    private final InstanceTag tag;
    private final Ed448KeyPair longTerm;
    private final Ed448KeyPair forging;
    private final Ed448KeyPair sharedPrekey;
    private ClientProfile clientProfile;
    private PrekeyProfile prekeyProfile;
    private boolean profilesPublished;
    private final Map<Integer, OneTimeKeys> oneTimeKeys = new LinkedHashMap<>();
    /** Messages that no server has acknowledged, by their identifiers, the oldest first. */
    private final Set<Integer> unpublished = new LinkedHashSet<>();

    private PrekeyDevice(
            Draft draft,
            InstanceTag tag,
            Ed448KeyPair longTerm,
            Ed448KeyPair forging,
            Ed448KeyPair sharedPrekey,
            Instant expires) {
        this.draft = draft;
        this.tag = tag;
        this.longTerm = longTerm;
        this.forging = forging;
        this.sharedPrekey = sharedPrekey;
        clientProfile = signClientProfile(expires);
        prekeyProfile = signPrekeyProfile(expires);
    }

    private PrekeyDevice(KeptDevice kept) {
        draft = kept.clientProfile().draft();
        tag = kept.clientProfile().owner();
        longTerm = kept.longTerm();
        forging = kept.forging();
        sharedPrekey = kept.sharedPrekey();
        clientProfile = kept.clientProfile();
        prekeyProfile = kept.prekeyProfile();
        profilesPublished = kept.profilesPublished();
        kept.oneTimeKeys().forEach(keys -> oneTimeKeys.put(keys.identifier(), keys));
        unpublished.addAll(kept.unpublished());
    }

    /**
     * The device that {@code secrets} are of, the same to the last byte of its profiles. Takes some milliseconds for each
     * prekey message.
     *
     * @param secrets what {@link #secrets()} gave; the caller closes them
     * @param random hides secrets while public values are computed
     * @throws IOException when they are not whole, or keys and profiles do not belong together
     */
    public static PrekeyDevice restore(SecretBytes secrets, SecureRandom random) throws IOException {
        return new PrekeyDevice(KeptDevice.read(secrets, random));
    }

    /**
     * A device with fresh secrets.
     *
     * @param draft the wire draft that it speaks
     * @param expires of both profiles, to the second
     */
    public static PrekeyDevice generate(Draft draft, InstanceTag tag, Instant expires, SecureRandom random) {
        return of(
                draft,
                tag,
                Ed448KeyPair.generate(random),
                Ed448KeyPair.generate(random),
                Ed448KeyPair.generate(random),
                expires);
    }

    /** A device of known secrets, which it closes. */
    static PrekeyDevice of(
            Draft draft,
            InstanceTag tag,
            Ed448KeyPair longTerm,
            Ed448KeyPair forging,
            Ed448KeyPair sharedPrekey,
            Instant expires) {
        return new PrekeyDevice(draft, tag, longTerm, forging, sharedPrekey, expires);
    }

    public Draft draft() {
        return draft;
    }

    public InstanceTag tag() {
        return tag;
    }

    /** Signed by the long-term key. */
    public synchronized ClientProfile clientProfile() {
        return clientProfile;
    }

    /** Signed by the long-term key. */
    public synchronized PrekeyProfile prekeyProfile() {
        return prekeyProfile;
    }

    /** Signs both profiles anew, for the same keys; they are to be published then. What was published stays valid until it expires. */
    public synchronized void renewProfiles(Instant expires) {
        clientProfile = signClientProfile(expires);
        prekeyProfile = signPrekeyProfile(expires);
        profilesPublished = false;
    }

    /** Whether a server has acknowledged both profiles as they are now. */
    public synchronized boolean profilesPublished() {
        return profilesPublished;
    }

    /** Notes that a server has acknowledged these profiles; those of before {@link #renewProfiles} are no matter. */
    public synchronized void acknowledged(ClientProfile client, PrekeyProfile prekey) {
        profilesPublished |= client.equals(clientProfile) && prekey.equals(prekeyProfile);
    }

    /** Makes {@code count} prekey messages with identifiers that this device does not use, and keeps their secrets. */
    public synchronized List<PrekeyMessage> newPrekeyMessages(int count, SecureRandom random) {
        return Stream.generate(() -> add(OneTimeKeys.generate(unusedIdentifier(random), random)))
                .limit(count)
                .toList();
    }

    /**
     * The {@code count} oldest prekey messages that no server has acknowledged, new ones where there are fewer: so that what
     * was sent once without an answer is sent again, and not another set beside it.
     */
    public synchronized List<PrekeyMessage> unpublished(int count, SecureRandom random) {
        newPrekeyMessages(Math.max(0, count - unpublished.size()), random);
        return unpublished.stream()
                .limit(count)
                .map(identifier -> oneTimeKeys.get(identifier).message(tag))
                .toList();
    }

    /** Notes that a server has acknowledged {@code messages}; what is noted already, or not of this device, is no matter. */
    public synchronized void acknowledged(List<PrekeyMessage> messages) {
        messages.forEach(message -> unpublished.remove(message.identifier()));
    }

    /**
     * Takes the secrets of a prekey message out, for the one conversation that begins with it. Call {@link #keepIn} before the
     * conversation is begun, so that nobody can begin a second one.
     *
     * @param identifier INT, unsigned: the one that whoever wrote names
     * @return empty when this device never made it, or it was taken before; the caller closes {@link OneTimeKeys#y()}
     */
    public synchronized Optional<OneTimeKeys> take(int identifier) {
        unpublished.remove(identifier);
        return Optional.ofNullable(oneTimeKeys.remove(identifier));
    }

    /**
     * All that there is to this device, for keeping: what {@link #restore} takes. The caller closes it.
     *
     * <pre>
     * BYTE 1 | three symmetric keys of 57 bytes: long-term, forging, shared prekey
     * DATA client profile | DATA prekey profile | BYTE 1 when a server acknowledged them, else 0 | INT count | count × keys
     * keys: INT identifier | BYTE 1 when a server acknowledged the message, else 0 | symmetric key of Y, 57 bytes
     *       | DATA secret of B, big-endian
     * </pre>
     */
    public synchronized SecretBytes secrets() {
        return new KeptDevice(
                        longTerm,
                        forging,
                        sharedPrekey,
                        clientProfile,
                        prekeyProfile,
                        profilesPublished,
                        List.copyOf(oneTimeKeys.values()),
                        List.copyOf(unpublished))
                .encode();
    }

    /**
     * Has {@code store} keep {@link #secrets()} as they are now. Nothing about this device changes meanwhile, and no two are
     * kept at a time, so an older state never replaces a newer one; keep a device in no other way while others may use it.
     *
     * @throws IOException when {@code store} could not
     */
    public synchronized void keepIn(DeviceSecrets store) throws IOException {
        try (SecretBytes kept = secrets()) {
            store.keep(tag, kept);
        }
    }

    /** The message of {@code keys}, whose identifier this device does not use; keeps them. */
    synchronized PrekeyMessage add(OneTimeKeys keys) {
        oneTimeKeys.put(keys.identifier(), keys);
        unpublished.add(keys.identifier());
        return keys.message(tag);
    }

    synchronized int unusedIdentifier(SecureRandom random) {
        int identifier;
        do {
            identifier = random.nextInt();
        } while (oneTimeKeys.containsKey(identifier));
        return identifier;
    }

    /** The pair that names this device to people; closed with it. */
    public Ed448KeyPair longTerm() {
        return longTerm;
    }

    /** The pair of the Prekey Profile's D, for conversations; closed with this device. */
    public Ed448KeyPair sharedPrekey() {
        return sharedPrekey;
    }

    /**
     * The secrets of a message that this device made.
     *
     * @throws IllegalArgumentException when it did not make {@code message}
     */
    synchronized OneTimeKeys secretsOf(PrekeyMessage message) {
        OneTimeKeys keys = oneTimeKeys.get(message.identifier());
        if (keys == null || !keys.message(tag).equals(message)) {
            throw new IllegalArgumentException("prekey message " + Integer.toUnsignedString(message.identifier(), 16)
                    + " was not made by device " + tag);
        }
        return keys;
    }

    /** The tag and the draft, never a secret. */
    @Override
    public String toString() {
        return "PrekeyDevice[" + tag + ", " + draft + "]";
    }

    @Override
    public synchronized void close() {
        Stream.of(longTerm, forging, sharedPrekey).forEach(Ed448KeyPair::close);
        oneTimeKeys.values().forEach(keys -> keys.y().close());
    }

    private ClientProfile signClientProfile(Instant expires) {
        Bytes signed = ClientProfile.signedPart(
                draft, tag, longTerm.publicKey().point(), forging.publicKey().point(), VERSIONS, expires);
        try {
            return ClientProfile.decode(signed.concat(longTerm.sign(signed)));
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("made a malformed client profile", e);
        }
    }

    private PrekeyProfile signPrekeyProfile(Instant expires) {
        Bytes signed = PrekeyProfile.signedPart(
                draft, tag, expires, sharedPrekey.publicKey().point());
        try {
            return PrekeyProfile.decode(signed.concat(longTerm.sign(signed)), draft);
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("made a malformed prekey profile", e);
        }
    }
}
