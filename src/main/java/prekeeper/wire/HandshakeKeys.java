package prekeeper.wire;

import java.security.MessageDigest;
import java.util.Arrays;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Kdf;
import prekeeper.crypto.KdfUsage;
import prekeeper.crypto.SecretBytes;

/**
 * What both sides of a handshake derive from its ECDH secret: the MACs of what follows it, and the context of its proofs
 * (docs/protocol.md, "The handshake").
 */
public final class HandshakeKeys implements AutoCloseable {
    /** The spec's preMAC key. */
    private final SecretBytes macKey;

    private final Bytes proofContext;

    private HandshakeKeys(SecretBytes macKey, Bytes proofContext) {
        this.macKey = macKey;
        this.proofContext = proofContext;
    }

    /** Derives the spec's SK from {@code ecdh}, which the caller closes, and everything else from that. */
    public static HandshakeKeys of(SecretBytes ecdh) {
        byte[] shared = ecdh.toByteArray();
        byte[] sk = Kdf.derive(KdfUsage.SHARED_SECRET, Kdf.BYTES, shared);
        HandshakeKeys keys = new HandshakeKeys(
                SecretBytes.adopt(Kdf.derive(KdfUsage.PRE_MAC_KEY, Kdf.BYTES, sk)),
                Bytes.of(Kdf.derive(KdfUsage.PROOF_CONTEXT, Kdf.BYTES, sk)));
        Arrays.fill(shared, (byte) 0);
        Arrays.fill(sk, (byte) 0);
        return keys;
    }

    /** The spec's m: what ties proofs of possession to this handshake, 64 bytes. */
    public Bytes proofContext() {
        return proofContext;
    }

    /** MAC of a Storage Information Request: KDF(0A, K ‖ 09). */
    public Bytes storageInformationRequestMac() {
        return mac(KdfUsage.STORAGE_INFO_MAC, typed(MessageType.STORAGE_INFORMATION_REQUEST));
    }

    /**
     * MAC of a Storage Status: KDF(0B, K ‖ 0B ‖ receiver ‖ count).
     *
     * @param count INT, unsigned
     */
    public Bytes storageStatusMac(InstanceTag receiver, int count) {
        return mac(
                KdfUsage.STATUS_MAC,
                typed(MessageType.STORAGE_STATUS).instanceTag(receiver).int32(count));
    }

    /** MAC of a Success: KDF(0C, K ‖ 06 ‖ receiver). */
    public Bytes successMac(InstanceTag receiver) {
        return mac(KdfUsage.SUCCESS_MAC, typed(MessageType.SUCCESS).instanceTag(receiver));
    }

    /** MAC of a Failure: KDF(0D, K ‖ 05 ‖ receiver). */
    public Bytes failureMac(InstanceTag receiver) {
        return mac(KdfUsage.FAILURE_MAC, typed(MessageType.FAILURE).instanceTag(receiver));
    }

    /**
     * MAC of a Prekey Publication, whatever stands in its MAC field: KDF(09, K ‖ 08 ‖ N ‖ KDF(0E, prekey messages) ‖ K ‖
     * [KDF(0F, client profile)] ‖ J ‖ [KDF(10, prekey profile)] ‖ KDF(16, proofs)).
     */
    public Bytes publicationMac(PrekeyPublication publication) {
        WireWriter covered = typed(MessageType.PREKEY_PUBLICATION)
                .uint8(publication.prekeyMessages().size())
                .fixed(hash(KdfUsage.PREKEY_MESSAGE, publication.encodedPrekeyMessages()))
                .flag(publication.clientProfile().isPresent());
        publication
                .clientProfile()
                .ifPresent(profile -> covered.fixed(hash(KdfUsage.CLIENT_PROFILE, profile.encoded())));
        covered.flag(publication.prekeyProfile().isPresent());
        publication
                .prekeyProfile()
                .ifPresent(profile -> covered.fixed(hash(KdfUsage.PREKEY_PROFILE, profile.encoded())));
        covered.fixed(hash(KdfUsage.MAC_PROOFS, publication.encodedProofs()));
        return mac(KdfUsage.PRE_MAC, covered);
    }

    /** Compares a MAC made here with one that came, in constant time. */
    public static boolean matches(Bytes ours, Bytes theirs) {
        return MessageDigest.isEqual(ours.toByteArray(), theirs.toByteArray());
    }

    @Override
    public void close() {
        macKey.close();
    }

    private Bytes mac(KdfUsage usage, WireWriter covered) {
        byte[] key = macKey.toByteArray();
        Bytes mac = Bytes.of(Kdf.derive(usage, Kdf.BYTES, key, covered.toBytes().toByteArray()));
        Arrays.fill(key, (byte) 0);
        return mac;
    }

    /** The MACs cover the type of the message, but no version. */
    private static WireWriter typed(MessageType type) {
        return new WireWriter().uint8(type.code());
    }

    private static Bytes hash(KdfUsage usage, Bytes value) {
        return Kdf.hash(usage, Kdf.BYTES, value);
    }
}
