package prekeeper.service;

import prekeeper.crypto.Ed448KeyPair;
import prekeeper.wire.CompositeIdentity;

/**
 * Who this server is to its peers.
 *
 * @param jid the component's JID, prepared
 * @param longTerm whose public key clients know by its fingerprint; closed by whoever made it
 */
public record ServerIdentity(String jid, Ed448KeyPair longTerm) {

    /** Prepares the key for being in every handshake's rings. */
    public ServerIdentity {
        longTerm.publicKey().keepForLong();
    }

    CompositeIdentity composite() {
        return new CompositeIdentity(jid, longTerm.publicKey().point());
    }
}
