package prekeeper.protocol;

import java.time.Instant;
import prekeeper.crypto.Eddsa;
import prekeeper.crypto.ValidPoint;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyProfile;

/**
 * A Prekey Profile that passed every check of OTRv4, "Validating a Prekey Profile".
 *
 * @param sharedPrekey that of the profile, the spec's D
 */
public record VerifiedPrekeyProfile(PrekeyProfile profile, ValidPoint sharedPrekey) {

    /** Verifies {@code profile} as that of the device {@code owner}, whose key is {@code longTermKey}, at {@code now}. */
    public static VerifiedPrekeyProfile verify(
            PrekeyProfile profile, InstanceTag owner, ValidPoint longTermKey, Instant now)
            throws VerificationException {
        checkOwner(profile, owner);
        ExpiredException.unlessBefore(now, profile.expires(), "prekey profile");
        return verifyWhenever(profile, owner, longTermKey);
    }

    /** {@link #verify}, whether {@code profile} is expired or not. */
    public static VerifiedPrekeyProfile verifyWhenever(PrekeyProfile profile, InstanceTag owner, ValidPoint longTermKey)
            throws VerificationException {
        checkOwner(profile, owner);
        ValidPoint sharedPrekey = Keys.valid(profile.sharedPrekey(), "shared prekey");
        VerificationException.unless(
                Eddsa.verify(longTermKey, profile.signedPart(), profile.signature()),
                "signature of the prekey profile is wrong");
        return new VerifiedPrekeyProfile(profile, sharedPrekey);
    }

    private static void checkOwner(PrekeyProfile profile, InstanceTag owner) throws VerificationException {
        VerificationException.unless(profile.owner().equals(owner), "prekey profile is another device's");
    }
}
