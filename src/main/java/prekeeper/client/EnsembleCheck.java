package prekeeper.client;

import java.time.Instant;
import prekeeper.protocol.Keys;
import prekeeper.protocol.VerificationException;
import prekeeper.protocol.VerifiedClientProfile;
import prekeeper.protocol.VerifiedPrekeyProfile;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyEnsemble;

/**
 * Whether a retrieved ensemble can be written to (OTRv4, "Validating Prekey Ensembles"). The server is not trusted:
 * everything is checked again. Whether the long-term key is the contact's, only people can tell, by its fingerprint.
 */
public final class EnsembleCheck {
    private EnsembleCheck() {}

    /** Throws, saying what is wrong, unless {@code ensemble} can be used at the time {@code now}. */
    public static VerifiedEnsemble verify(PrekeyEnsemble ensemble, Instant now) throws VerificationException {
        InstanceTag device = ensemble.clientProfile().owner();
        VerifiedClientProfile owner = VerifiedClientProfile.verify(ensemble.clientProfile(), device, now);
        VerifiedPrekeyProfile shared =
                VerifiedPrekeyProfile.verify(ensemble.prekeyProfile(), device, owner.longTermKey(), now);
        Keys.valid(ensemble.prekeyMessage(), device);
        return new VerifiedEnsemble(owner, shared, ensemble.prekeyMessage());
    }
}
