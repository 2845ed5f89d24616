package prekeeper.client;

import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import prekeeper.crypto.DhKeyPair;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.wire.PrekeyMessage;

/**
 * Prekey messages that have the same few keys again and again, for load and tests, which need thousands: making keys takes longer
 * than all that a server does with them, and only a conversation would suffer. Nobody may ever be written to by one of these; so
 * this class is not in the clients' jar.
 *
 * <p>Whoever closes a device wipes the keys of all others that have them too. Thread-safe.
 */
public final class ReusedKeys {
    private final List<Ed448KeyPair> ys;
    private final List<DhKeyPair> bs;
    private final SecureRandom random;
    private final AtomicInteger next = new AtomicInteger();

    /** @param keys how many messages have different ones; more, and a publication has some twice */
    public ReusedKeys(int keys, SecureRandom random) {
        this.ys =
                Stream.generate(() -> Ed448KeyPair.generate(random)).limit(keys).toList();
        this.bs = Stream.generate(() -> DhKeyPair.generate(random)).limit(keys).toList();
        this.random = random;
    }

    /** As {@link PrekeyDevice#newPrekeyMessages}. */
    public List<PrekeyMessage> newPrekeyMessages(PrekeyDevice device, int count) {
        return Stream.generate(() -> device.add(next(device))).limit(count).toList();
    }

    private OneTimeKeys next(PrekeyDevice device) {
        int i = Math.floorMod(next.getAndIncrement(), ys.size());
        return new OneTimeKeys(device.unusedIdentifier(random), ys.get(i), bs.get(i));
    }
}
