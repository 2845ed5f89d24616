package prekeeper.client;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.PrekeyProfile;

/**
 * One device of an account: its long-term, forging and shared-prekey secrets, its two profiles, and the secrets of the
 * prekey messages it made. Lives in memory; {@link #close()} wipes what can be wiped.
 *
 * <p>Not thread-safe.
 */
public final class PrekeyDevice implements AutoCloseable {
    private static final String VERSIONS = "4";

    private final Draft draft;
    private final InstanceTag tag;
    private final Ed448KeyPair longTerm;
    private final Ed448KeyPair forging;
    private final Ed448KeyPair sharedPrekey;
    private final ClientProfile clientProfile;
    private final PrekeyProfile prekeyProfile;
    private final Map<Integer, OneTimeKeys> oneTimeKeys = new LinkedHashMap<>();

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
    public ClientProfile clientProfile() {
        return clientProfile;
    }

    /** Signed by the long-term key. */
    public PrekeyProfile prekeyProfile() {
        return prekeyProfile;
    }

    /** Makes {@code count} prekey messages with identifiers that this device has not used, and keeps their secrets. */
    public List<PrekeyMessage> newPrekeyMessages(int count, SecureRandom random) {
        return Stream.generate(() -> add(OneTimeKeys.generate(unusedIdentifier(random), random)))
                .limit(count)
                .toList();
    }

    /** The message of {@code keys}, whose identifier this device has not used; keeps them. */
    PrekeyMessage add(OneTimeKeys keys) {
        oneTimeKeys.put(keys.identifier(), keys);
        return keys.message(tag);
    }

    int unusedIdentifier(SecureRandom random) {
        int identifier;
        do {
            identifier = random.nextInt();
        } while (oneTimeKeys.containsKey(identifier));
        return identifier;
    }

    Ed448KeyPair longTerm() {
        return longTerm;
    }

    Ed448KeyPair sharedPrekey() {
        return sharedPrekey;
    }

    /**
     * The secrets of a message that this device made.
     *
     * @throws IllegalArgumentException when it did not make {@code message}
     */
    OneTimeKeys secretsOf(PrekeyMessage message) {
        OneTimeKeys keys = oneTimeKeys.get(message.identifier());
        if (keys == null || !keys.message(tag).equals(message)) {
            throw new IllegalArgumentException("prekey message " + Integer.toUnsignedString(message.identifier(), 16)
                    + " was not made by device " + tag);
        }
        return keys;
    }

    @Override
    public void close() {
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
