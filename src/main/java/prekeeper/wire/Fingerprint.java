package prekeeper.wire;

import java.util.Locale;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Kdf;
import prekeeper.crypto.Point;

/**
 * What people compare to know a server's long-term key. Each draft computes another one (docs/protocol.md, "Two drafts").
 *
 * @param hash 56 bytes
 */
public record Fingerprint(Bytes hash) {
    private static final int BYTES = 56;

    /** The fingerprint that clients of {@code draft} compute of the public key {@code key}. */
    public static Fingerprint of(Point key, Draft draft) {
        return new Fingerprint(Kdf.otrv4Fingerprint(draft.fingerprintInput(key)));
    }

    /**
     * The fingerprint that {@code text} shows, as {@link #toHex} or {@link #toString} write it: 112 hexadecimal digits, with or without
     * spaces.
     *
     * @throws IllegalArgumentException when it shows none
     */
    public static Fingerprint parse(String text) {
        String digits = text.replaceAll("\\s", "").toLowerCase(Locale.ROOT);
        if (!digits.matches("[0-9a-f]{" + 2 * BYTES + "}")) {
            throw new IllegalArgumentException("no fingerprint, " + 2 * BYTES + " hexadecimal digits expected");
        }
        return new Fingerprint(Bytes.fromHex(digits));
    }

    /** 112 upper-case hexadecimal digits, as discovery shows it. */
    public String toHex() {
        return hash.toHex().toUpperCase(Locale.ROOT);
    }

    /** The hexadecimal digits in groups of eight, for people. */
    @Override
    public String toString() {
        return toHex().replaceAll("(.{8})(?!$)", "$1 ");
    }
}
