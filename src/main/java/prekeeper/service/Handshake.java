package prekeeper.service;

import prekeeper.crypto.Point;
import prekeeper.crypto.ValidPoint;
import prekeeper.protocol.HandshakeKeys;
import prekeeper.protocol.VerifiedClientProfile;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;

/**
 * What the server keeps of a handshake between DAKE-2 and DAKE-3.
 *
 * @param account the publisher's
 * @param publisher the profile that began the handshake; DAKE-3 proves possession of its long-term key
 * @param theirs the publisher's ephemeral key, the spec's I
 * @param ours the server's ephemeral key, the spec's S, whose secret is wiped already
 */
record Handshake(String account, VerifiedClientProfile publisher, Point theirs, ValidPoint ours, HandshakeKeys keys)
        implements AutoCloseable {

    InstanceTag tag() {
        return publisher.profile().owner();
    }

    Draft draft() {
        return publisher.profile().draft();
    }

    /** Wipes the secret. */
    @Override
    public void close() {
        keys.close();
    }
}
