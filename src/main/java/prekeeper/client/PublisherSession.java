package prekeeper.client;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.DhProof;
import prekeeper.crypto.EcdhProof;
import prekeeper.crypto.KdfUsage;
import prekeeper.crypto.RingSignature;
import prekeeper.crypto.SecretBytes;
import prekeeper.crypto.Suite;
import prekeeper.protocol.HandshakeKeys;
import prekeeper.protocol.Macs;
import prekeeper.protocol.VerificationException;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.CompositeIdentity;
import prekeeper.wire.Dake3;
import prekeeper.wire.Failure;
import prekeeper.wire.InnerMessage;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.PrekeyProfile;
import prekeeper.wire.PrekeyPublication;
import prekeeper.wire.ServerMessage;
import prekeeper.wire.StorageInformationRequest;
import prekeeper.wire.StorageStatus;
import prekeeper.wire.Success;

/**
 * A handshake whose server is authenticated: makes the DAKE-3 that ends it, and checks the answer. The server takes one
 * DAKE-3 a handshake.
 */
public final class PublisherSession implements AutoCloseable {
    private final PrekeyDevice device;
    private final CompositeIdentity server;
    private final RingSignature sigma;
    private final HandshakeKeys keys;
    private final SecureRandom random;

    PublisherSession(
            PrekeyDevice device,
            CompositeIdentity server,
            RingSignature sigma,
            HandshakeKeys keys,
            SecureRandom random) {
        this.device = device;
        this.server = server;
        this.sigma = sigma;
        this.keys = keys;
        this.random = random;
    }

    /** What the server says of itself, its long-term key proven. */
    public CompositeIdentity server() {
        return server;
    }

    /** Publishes both profiles and {@code messages}, which the device made. */
    public Dake3 publish(List<PrekeyMessage> messages) {
        return publish(messages, Optional.of(device.clientProfile()), Optional.of(device.prekeyProfile()));
    }

    /** Publishes {@code messages} for profiles that the server has already. */
    public Dake3 publishMore(List<PrekeyMessage> messages) {
        return publish(messages, Optional.empty(), Optional.empty());
    }

    /** Asks how many prekey messages of this device are stored. */
    public Dake3 askStatus() {
        return dake3(new StorageInformationRequest(sent(Macs.storageInformationRequest(keys.macKey()))));
    }

    /**
     * What the server says, once its MAC is checked. Throws when it is for another device or handshake, or no answer to a
     * DAKE-3 at all.
     */
    public Answer read(ServerMessage message) throws VerificationException {
        InstanceTag tag = device.tag();
        VerificationException.unless(message.receiver().equals(tag), "answer is for another device");
        if (message instanceof Success success) {
            requireMac(Macs.success(keys.macKey(), tag), success.mac());
            return new Answer.Stored();
        }
        if (message instanceof Failure failure) {
            requireMac(Macs.failure(keys.macKey(), tag), failure.mac());
            return new Answer.Refused();
        }
        if (message instanceof StorageStatus status) {
            requireMac(Macs.storageStatus(keys.macKey(), tag, status.count()), status.mac());
            return new Answer.Count(Integer.toUnsignedLong(status.count()));
        }
        throw new VerificationException("answer is of a kind that answers no DAKE-3");
    }

    @Override
    public void close() {
        keys.close();
    }

    private Dake3 publish(
            List<PrekeyMessage> messages,
            Optional<ClientProfile> clientProfile,
            Optional<PrekeyProfile> prekeyProfile) {
        Suite suite = device.draft().suite();
        Bytes context = keys.proofContext();
        List<OneTimeKeys> secrets = messages.stream().map(device::secretsOf).toList();
        Optional<List<OneTimeKeys>> proven = Optional.of(secrets).filter(list -> !list.isEmpty());
        Optional<EcdhProof> messageEcdhProof = proven.map(list -> EcdhProof.prove(
                suite,
                KdfUsage.PROOF_MESSAGE_ECDH,
                list.stream().map(OneTimeKeys::y).toList(),
                context,
                random));
        Optional<DhProof> messageDhProof = proven.map(
                list -> DhProof.prove(list.stream().map(OneTimeKeys::b).toList(), context, random));
        Optional<EcdhProof> profileProof = prekeyProfile.map(profile ->
                EcdhProof.prove(suite, KdfUsage.PROOF_SHARED_ECDH, List.of(device.sharedPrekey()), context, random));
        PrekeyPublication unauthenticated = new PrekeyPublication(
                messages, clientProfile, prekeyProfile, messageEcdhProof, messageDhProof, profileProof, Bytes.EMPTY);
        return dake3(unauthenticated.withMac(sent(Macs.publication(keys.macKey(), unauthenticated))));
    }

    private Dake3 dake3(InnerMessage inner) {
        return new Dake3(device.tag(), sigma, inner.encode());
    }

    /** A MAC that goes out is no secret any more. */
    private static Bytes sent(SecretBytes mac) {
        try (mac) {
            return Bytes.of(mac.toByteArray());
        }
    }

    private static void requireMac(SecretBytes expected, Bytes mac) throws VerificationException {
        try (expected) {
            VerificationException.unless(expected.matches(mac.toByteArray()), "MAC of the answer is wrong");
        }
    }

    /** What the server says of a DAKE-3. */
    public sealed interface Answer {
        /** What was published is stored. */
        record Stored() implements Answer {}

        /** It was authenticated and refused; nothing is stored. */
        record Refused() implements Answer {}

        /**
         * The prekey messages that are stored for the device.
         *
         * @param stored from 0 to 2^32 − 1
         */
        record Count(long stored) implements Answer {}
    }
}
