package prekeeper.client.smack;

import java.util.Arrays;
import prekeeper.wire.CompositeIdentity;
import prekeeper.wire.Draft;
import prekeeper.wire.Fingerprint;

/**
 * Whether the key of a prekey server is the right one, which only people can tell: by its fingerprint, once, and from then on
 * by the key that they accepted (docs/protocol.md, "Business rules", Fingerprint).
 */
@FunctionalInterface
public interface ServerTrust {
    /**
     * Asked in every handshake, when the server has proven that the key is its own and before anything is published. No
     * further message of the handshake is sent unless this is true. It may wait for a person, for five minutes at most,
     * since then the server forgets the handshake.
     *
     * @param server its JID and its key; people compare {@link Fingerprint#of} it
     */
    boolean trusts(CompositeIdentity server);

    /**
     * Trusts the one key that has {@code fingerprint}, wherever it is met.
     *
     * @param fingerprint as either draft computes it
     */
    static ServerTrust pinned(Fingerprint fingerprint) {
        return server -> Arrays.stream(Draft.values())
                .anyMatch(draft -> Fingerprint.of(server.publicKey(), draft).equals(fingerprint));
    }
}
