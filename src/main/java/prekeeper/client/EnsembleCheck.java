package prekeeper.client;

import java.time.Instant;
import java.util.Optional;
import prekeeper.crypto.DhGroup;
import prekeeper.crypto.Eddsa;
import prekeeper.crypto.ValidPoint;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.PrekeyEnsemble;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.PrekeyProfile;

/**
 * Whether a retrieved ensemble can be written to (OTRv4, "Validating Prekey Ensembles"). The server is not trusted:
 * everything is checked again. Whether the long-term key is the contact's, only people can tell: by its fingerprint.
 */
public final class EnsembleCheck {
    private static final String VERSION = "4";

    private EnsembleCheck() {}

    /** What is wrong with {@code ensemble} at the time {@code now}; empty when it can be used. */
    public static Optional<String> problem(PrekeyEnsemble ensemble, Instant now) {
        ClientProfile clientProfile = ensemble.clientProfile();
        PrekeyProfile prekeyProfile = ensemble.prekeyProfile();
        PrekeyMessage message = ensemble.prekeyMessage();
        Optional<ValidPoint> longTermKey = ValidPoint.of(clientProfile.longTermKey());
        if (longTermKey.isEmpty()) {
            return Optional.of("the long-term key is no valid point");
        }
        if (!Eddsa.verify(longTermKey.get(), clientProfile.signedPart(), clientProfile.signature())) {
            return Optional.of("the client profile's signature is wrong");
        }
        if (!Eddsa.verify(longTermKey.get(), prekeyProfile.signedPart(), prekeyProfile.signature())) {
            return Optional.of("the prekey profile's signature is wrong");
        }
        if (!clientProfile.owner().equals(prekeyProfile.owner())
                || !clientProfile.owner().equals(message.owner())) {
            return Optional.of("its parts belong to different devices");
        }
        if (!now.isBefore(clientProfile.expires()) || !now.isBefore(prekeyProfile.expires())) {
            return Optional.of("a profile has expired");
        }
        if (!clientProfile.versions().contains(VERSION)) {
            return Optional.of("its owner does not speak OTR version " + VERSION);
        }
        if (ValidPoint.of(clientProfile.forgingKey()).isEmpty()
                || ValidPoint.of(prekeyProfile.sharedPrekey()).isEmpty()
                || ValidPoint.of(message.y()).isEmpty()) {
            return Optional.of("one of its keys is no valid point");
        }
        return DhGroup.isValid(message.b()) ? Optional.empty() : Optional.of("its B is no valid Diffie-Hellman value");
    }
}
