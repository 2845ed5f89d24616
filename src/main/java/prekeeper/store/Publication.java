package prekeeper.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.wire.Draft;

/**
 * One verified publication of one device; what of it is new is stored in one transaction.
 *
 * @param longTermKey the key that the handshake authenticated
 * @param expires when the Client Profile shown in the handshake expires; counts while none was published under this key
 */
public record Publication(
        DeviceId device,
        Draft draft,
        Point longTermKey,
        Instant expires,
        Optional<ClientProfileEntry> clientProfile,
        Optional<PrekeyProfileEntry> prekeyProfile,
        List<PrekeyMessageEntry> prekeyMessages) {

    public Publication {
        prekeyMessages = List.copyOf(prekeyMessages);
    }

    /**
     * A Client Profile.
     *
     * @param versions the OTR versions it names, ASCII digits
     */
    public record ClientProfileEntry(Bytes encoded, Instant expires, String versions) {}

    /** A Prekey Profile. */
    public record PrekeyProfileEntry(Bytes encoded, Instant expires) {}

    /**
     * A Prekey Message.
     *
     * @param identifier INT, unsigned, chosen by the publisher
     */
    public record PrekeyMessageEntry(int identifier, Bytes encoded) {}
}
