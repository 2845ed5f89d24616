package prekeeper.protocol;

import prekeeper.crypto.Bytes;
import prekeeper.crypto.Kdf;
import prekeeper.crypto.KdfUsage;
import prekeeper.crypto.Point;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.CompositeIdentity;
import prekeeper.wire.Phi;

/**
 * What both sides of a handshake have seen, and what their ring signatures cover: the spec's t (prekey server spec,
 * "DAKE-2 Message" and "DAKE-3 Message").
 *
 * @param publisher the publisher's bare JID, prepared
 * @param initiatorKey the publisher's ephemeral key, the spec's I
 * @param receiverKey the server's ephemeral key, the spec's S
 */
public record Transcript(
        String publisher, ClientProfile profile, CompositeIdentity server, Point initiatorKey, Point receiverKey) {

    /** What the server signs in DAKE-2. */
    public Bytes ofDake2() {
        return encode(
                0x00,
                KdfUsage.INITIATOR_CLIENT_PROFILE,
                KdfUsage.INITIATOR_COMPOSITE_IDENTITY,
                KdfUsage.INITIATOR_COMPOSITE_PHI);
    }

    /** What the publisher signs in DAKE-3. */
    public Bytes ofDake3() {
        return encode(
                0x01,
                KdfUsage.RECEIVER_CLIENT_PROFILE,
                KdfUsage.RECEIVER_COMPOSITE_IDENTITY,
                KdfUsage.RECEIVER_COMPOSITE_PHI);
    }

    private Bytes encode(int first, KdfUsage ofProfile, KdfUsage ofIdentity, KdfUsage ofPhi) {
        return Bytes.of((byte) first)
                .concat(Kdf.hash(ofProfile, Kdf.BYTES, profile.encoded()))
                .concat(Kdf.hash(ofIdentity, Kdf.BYTES, server.encode(profile.draft())))
                .concat(initiatorKey.encoded())
                .concat(receiverKey.encoded())
                .concat(Kdf.hash(ofPhi, Kdf.BYTES, Phi.encode(publisher, server.serverJid())));
    }
}
