package prekeeper.store;

import java.time.Instant;
import java.util.Optional;
import prekeeper.crypto.Bytes;

/**
 * What a store has of one device under one long-term key, beside its prekey messages. Nothing in it is checked: a verification
 * wants to see what is wrong.
 *
 * @param owner bare JID
 * @param tag an instance tag if everything is right
 * @param longTermKey a point if everything is right
 * @param expires when the Client Profile does, or the one that was shown in the handshake while there is none
 * @param nextSequence what the next prekey message is stored under, at most 2^32
 */
public record DeviceContents(
        String owner,
        long tag,
        Bytes longTermKey,
        Instant expires,
        Optional<ClientProfileContents> clientProfile,
        Optional<PrekeyProfileContents> prekeyProfile,
        long nextSequence) {

    /**
     * A Client Profile.
     *
     * @param draft the name of one
     * @param versions the OTR versions that it names
     */
    public record ClientProfileContents(StoredBytes encoded, String draft, String versions, Instant published) {}

    /**
     * A Prekey Profile.
     *
     * @param draft the name of one
     */
    public record PrekeyProfileContents(StoredBytes encoded, String draft, Instant expires) {}
}
