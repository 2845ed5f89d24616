package prekeeper.wire;

import prekeeper.crypto.Bytes;
import prekeeper.crypto.Kdf;
import prekeeper.crypto.KdfUsage;
import prekeeper.crypto.Point;

/**
 * What was said in a handshake, as its two ring signatures cover it (docs/protocol.md, "The handshake"). Both sides build
 * it from what they sent and received.
 *
 * @param clientProfile as the publisher encoded it
 * @param identity the server's, as encoded in the draft of the handshake
 * @param publisherEphemeral the spec's I
 * @param serverEphemeral the spec's S
 * @param phi from {@link Phi#encode}
 */
public record Transcript(
        Bytes clientProfile, Bytes identity, Point publisherEphemeral, Point serverEphemeral, Bytes phi) {
    private static final Bytes BY_SERVER = Bytes.of((byte) 0);
    private static final Bytes BY_PUBLISHER = Bytes.of((byte) 1);

    /** What the server signs in DAKE-2: 00 ‖ KDF(02, profile) ‖ KDF(03, identity) ‖ I ‖ S ‖ KDF(04, phi). */
    public Bytes signedByServer() {
        return signed(
                BY_SERVER,
                KdfUsage.INITIATOR_CLIENT_PROFILE,
                KdfUsage.INITIATOR_COMPOSITE_IDENTITY,
                KdfUsage.INITIATOR_COMPOSITE_PHI);
    }

    /** What the publisher signs in DAKE-3: 01 ‖ KDF(05, profile) ‖ KDF(06, identity) ‖ I ‖ S ‖ KDF(07, phi). */
    public Bytes signedByPublisher() {
        return signed(
                BY_PUBLISHER,
                KdfUsage.RECEIVER_CLIENT_PROFILE,
                KdfUsage.RECEIVER_COMPOSITE_IDENTITY,
                KdfUsage.RECEIVER_COMPOSITE_PHI);
    }

    private Bytes signed(Bytes signer, KdfUsage profileUsage, KdfUsage identityUsage, KdfUsage phiUsage) {
        return signer.concat(Kdf.hash(profileUsage, Kdf.BYTES, clientProfile))
                .concat(Kdf.hash(identityUsage, Kdf.BYTES, identity))
                .concat(publisherEphemeral.encoded())
                .concat(serverEphemeral.encoded())
                .concat(Kdf.hash(phiUsage, Kdf.BYTES, phi));
    }
}
