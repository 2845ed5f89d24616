package prekeeper.wire;

import java.util.Random;

/**
 * Names one device of an account (OTRv4, "Instance Tags").
 *
 * @param value INT, as an unsigned 32-bit number in a signed Java int; never below 0x100
 */
public record InstanceTag(int value) {
    /** Values below name no device. */
    public static final int LEAST = 0x100;

    public InstanceTag {
        if (Integer.compareUnsigned(value, LEAST) < 0) {
            throw new IllegalArgumentException(
                    "instance tag " + Integer.toUnsignedString(value, 16) + ", at least 100");
        }
    }

    /** One for a new device, which keeps it for ever: a second device of an account with the same tag replaces the first. */
    public static InstanceTag random(Random random) {
        int value;
        do {
            value = random.nextInt();
        } while (Integer.compareUnsigned(value, LEAST) < 0);
        return new InstanceTag(value);
    }

    /** Eight hexadecimal digits. */
    @Override
    public String toString() {
        return String.format("%08x", value);
    }
}
