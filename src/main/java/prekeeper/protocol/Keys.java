package prekeeper.protocol;

import prekeeper.crypto.DhGroup;
import prekeeper.crypto.Point;
import prekeeper.crypto.ValidPoint;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyMessage;

/** Checks of the public keys that messages carry. */
public final class Keys {
    private Keys() {}

    /** {@code point}, validated; {@code what} names it when it is invalid. */
    public static ValidPoint valid(Point point, String what) throws VerificationException {
        return ValidPoint.of(point).orElseThrow(() -> new VerificationException(what + " is no valid point"));
    }

    /** Checks a Prekey Message as one of {@code owner}, and returns its y, validated. */
    public static ValidPoint valid(PrekeyMessage message, InstanceTag owner) throws VerificationException {
        VerificationException.unless(message.owner().equals(owner), "prekey message is another device's");
        VerificationException.unless(DhGroup.isValid(message.b()), "B of a prekey message is no valid value");
        return valid(message.y(), "Y of a prekey message");
    }
}
