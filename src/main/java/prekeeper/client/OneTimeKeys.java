package prekeeper.client;

import java.security.SecureRandom;
import prekeeper.crypto.DhKeyPair;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyMessage;

/**
 * The secrets behind one prekey message, for one conversation (OTRv4, "Prekey message").
 *
 * @param identifier INT, unsigned: that of the message
 * @param y of the message's Y; whoever holds these keys closes it: the device, or who took them out of it
 * @param b of the message's B
 */
public record OneTimeKeys(int identifier, Ed448KeyPair y, DhKeyPair b) {

    static OneTimeKeys generate(int identifier, SecureRandom random) {
        return new OneTimeKeys(identifier, Ed448KeyPair.generate(random), DhKeyPair.generate(random));
    }

    PrekeyMessage message(InstanceTag owner) {
        return new PrekeyMessage(identifier, owner, y.publicKey().point(), b.publicValue());
    }
}
