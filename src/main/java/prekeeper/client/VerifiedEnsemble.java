package prekeeper.client;

import java.time.Instant;
import prekeeper.protocol.VerifiedClientProfile;
import prekeeper.protocol.VerifiedPrekeyProfile;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyMessage;

/**
 * An ensemble that passed every check of OTRv4, "Validating Prekey Ensembles", when it came: a device that can be written
 * to. Whether its long-term key is the contact's, only people can tell, by its fingerprint.
 *
 * @param prekeyMessage of the same device; its Y is a valid point and its B a valid value of the group
 */
public record VerifiedEnsemble(
        VerifiedClientProfile clientProfile, VerifiedPrekeyProfile prekeyProfile, PrekeyMessage prekeyMessage) {

    /** The device that it is of. */
    public InstanceTag device() {
        return prekeyMessage.owner();
    }

    /** When it can not be written to any more: the earlier end of its profiles. */
    public Instant expires() {
        Instant client = clientProfile.profile().expires();
        Instant prekey = prekeyProfile.profile().expires();
        return client.isBefore(prekey) ? client : prekey;
    }
}
