package prekeeper.protocol;

import java.time.Instant;
import java.util.Optional;
import prekeeper.crypto.Dsa;
import prekeeper.crypto.Eddsa;
import prekeeper.crypto.ValidPoint;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.DsaPublicKey;
import prekeeper.wire.InstanceTag;

/**
 * A Client Profile that passed every check of OTRv4, "Validating a Client Profile".
 *
 * @param longTermKey that of the profile
 */
public record VerifiedClientProfile(ClientProfile profile, ValidPoint longTermKey) {
    private static final String OUR_VERSION = "4";

    /** Verifies {@code profile} as that of the device {@code owner} at {@code now}. */
    public static VerifiedClientProfile verify(ClientProfile profile, InstanceTag owner, Instant now)
            throws VerificationException {
        checkOwner(profile, owner);
        ExpiredException.unlessBefore(now, profile.expires(), "client profile");
        return verifyWhenever(profile, owner);
    }

    /** {@link #verify}, whether {@code profile} is expired or not. */
    public static VerifiedClientProfile verifyWhenever(ClientProfile profile, InstanceTag owner)
            throws VerificationException {
        checkOwner(profile, owner);
        VerificationException.unless(profile.versions().contains(OUR_VERSION), "client profile lacks version 4");
        ValidPoint longTermKey = Keys.valid(profile.longTermKey(), "long-term key");
        Keys.valid(profile.forgingKey(), "forging key");
        VerificationException.unless(
                Eddsa.verify(longTermKey, profile.signedPart(), profile.signature()),
                "signature of the client profile is wrong");
        VerificationException.unless(isTransitionRight(profile), "transitional signature is wrong");
        return new VerifiedClientProfile(profile, longTermKey);
    }

    private static void checkOwner(ClientProfile profile, InstanceTag owner) throws VerificationException {
        VerificationException.unless(profile.owner().equals(owner), "client profile is another device's");
    }

    /** Only when both the OTRv3 key and its signature are there do they say something that can be checked. */
    private static boolean isTransitionRight(ClientProfile profile) {
        Optional<DsaPublicKey> key = profile.dsaKey();
        return key.isEmpty()
                || profile.transitionalSignature().isEmpty()
                || Dsa.verify(
                        key.get().p(),
                        key.get().q(),
                        key.get().g(),
                        key.get().y(),
                        profile.transitionallySignedPart(),
                        profile.transitionalSignature().get());
    }
}
