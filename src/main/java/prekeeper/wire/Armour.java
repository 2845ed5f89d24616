package prekeeper.wire;

import java.util.Base64;
import prekeeper.crypto.Bytes;

/** Messages as text: base64 and a final "." (docs/protocol.md, "Text encoding and fragments"). */
public final class Armour {
    private static final String END = ".";
    /** The high byte of the version and what the low byte can begin with: base64 of 00 0x. */
    private static final String START = "AA";
    /** Version, type and instance tag, which every message but an inner one has: seven bytes. */
    private static final int LEAST_CHARS = 10;

    private Armour() {}

    /** The text of {@code message}: base64 with padding, and ".". */
    public static String encode(Bytes message) {
        return Base64.getEncoder().encodeToString(message.toByteArray()) + END;
    }

    /**
     * Whether {@code text} ends as a message does and begins as one may. Looks at its ends only: what passes may still be
     * malformed, and what does not pass is none of ours.
     */
    public static boolean isArmoured(String text) {
        String body = text.strip();
        return body.length() > LEAST_CHARS && body.startsWith(START) && body.endsWith(END);
    }

    /**
     * The bytes of {@code text}. White space around it, a missing "." and missing padding are accepted; any other second
     * spelling of the same bytes is malformed.
     *
     * @param mostBytes limit of the result, checked before anything is decoded
     * @throws TooLargeException when the text holds more
     */
    public static Bytes decode(String text, int mostBytes) throws MalformedMessageException {
        String body = text.strip();
        String base64 = body.endsWith(END) ? body.substring(0, body.length() - END.length()) : body;
        int digits = base64.endsWith("==")
                ? base64.length() - 2
                : base64.endsWith("=") ? base64.length() - 1 : base64.length();
        long bytes = digits * 3L / 4;
        if (bytes > mostBytes) {
            throw new TooLargeException(bytes, mostBytes);
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(base64);
            if (!Base64.getEncoder().encodeToString(decoded).startsWith(base64)) {
                throw new MalformedMessageException("base64 whose last digit has stray bits");
            }
            return Bytes.of(decoded);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("text of " + body.length() + " characters is not base64");
        }
    }
}
