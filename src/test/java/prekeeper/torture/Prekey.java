package prekeeper.torture;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyMessage;

/**
 * A prekey message as logs name it.
 *
 * @param owner bare JID
 * @param identifier as unsigned hexadecimal digits
 * @param digest tells whether its bytes are what they were
 */
record Prekey(String owner, String device, String identifier, String digest) {
    private static final int DIGEST_BYTES = 8;

    static Prekey of(String owner, PrekeyMessage message) {
        return of(owner, message.owner(), message.identifier(), digest(message));
    }

    static Prekey of(String owner, InstanceTag device, int identifier, String digest) {
        return new Prekey(owner, device.toString(), Integer.toHexString(identifier), digest);
    }

    static Prekey parse(String written) {
        String[] parts = written.split("/", -1);
        return new Prekey(parts[0], parts[1], parts[2], parts[3]);
    }

    /** What stands in a log: no part of it has a slash or a space. */
    String written() {
        return String.join("/", owner, device, identifier, digest);
    }

    private static String digest(PrekeyMessage message) {
        try {
            byte[] whole = MessageDigest.getInstance("SHA-256")
                    .digest(message.encoded().toByteArray());
            return HexFormat.of().formatHex(Arrays.copyOf(whole, DIGEST_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
