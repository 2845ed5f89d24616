package prekeeper.store;

import java.time.Instant;
import java.util.Optional;
import prekeeper.wire.Draft;

/**
 * What is stored of one device under one long-term key.
 *
 * @param draft of its Client Profile; empty while it waits for one
 * @param expires of its Client Profile, or of the one that was shown in the handshake while it waits
 * @param prekeyProfileExpires empty without a Prekey Profile
 * @param prekeyMessages how many are stored
 */
public record StoredDevice(
        DeviceId device,
        Optional<Draft> draft,
        Instant expires,
        Optional<Instant> prekeyProfileExpires,
        int prekeyMessages) {}
