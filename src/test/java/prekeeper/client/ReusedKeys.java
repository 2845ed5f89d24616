package prekeeper.client;

import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import prekeeper.crypto.DhKeyPair;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.wire.PrekeyMessage;

/**
 * Prekey messages that all have the same keys, for tests that need thousands: making keys takes longer than all that a server
 * does with them, and only a conversation would suffer.
 */
public final class ReusedKeys {
    private final Ed448KeyPair y;
    private final DhKeyPair b;
    private final SecureRandom random;

    public ReusedKeys(SecureRandom random) {
        this.y = Ed448KeyPair.generate(random);
        this.b = DhKeyPair.generate(random);
        this.random = random;
    }

    /** As {@link PrekeyDevice#newPrekeyMessages}. */
    public List<PrekeyMessage> newPrekeyMessages(PrekeyDevice device, int count) {
        return Stream.generate(() -> device.add(new OneTimeKeys(device.unusedIdentifier(random), y, b)))
                .limit(count)
                .toList();
    }
}
