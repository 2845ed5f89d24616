package prekeeper.service;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.KdfUsage;
import prekeeper.crypto.SecretBytes;
import prekeeper.crypto.Suite;
import prekeeper.crypto.ValidPoint;
import prekeeper.protocol.Keys;
import prekeeper.protocol.Macs;
import prekeeper.protocol.VerificationException;
import prekeeper.protocol.VerifiedClientProfile;
import prekeeper.protocol.VerifiedPrekeyProfile;
import prekeeper.store.DeviceId;
import prekeeper.store.Publication;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.PrekeyProfile;
import prekeeper.wire.PrekeyPublication;

/** Every check of a Prekey Publication (docs/protocol.md, "Publications"), the cheap ones first; all before any storing. */
final class PublicationCheck {
    private final Handshake handshake;
    private final Instant now;

    PublicationCheck(Handshake handshake, Instant now) {
        this.handshake = handshake;
        this.now = now;
    }

    /** What is to be stored of {@code publication}; throws when any of it is wrong. */
    Publication verify(PrekeyPublication publication) throws VerificationException {
        try (SecretBytes expected = Macs.publication(handshake.keys().macKey(), publication)) {
            VerificationException.unless(
                    expected.matches(publication.mac().toByteArray()), "MAC of the publication is wrong");
        }
        checkIdentifiersDiffer(publication.prekeyMessages());
        if (publication.clientProfile().isPresent()) {
            check(publication.clientProfile().get());
        }
        Optional<ValidPoint> sharedPrekey = publication.prekeyProfile().isPresent()
                ? Optional.of(check(publication.prekeyProfile().get()))
                : Optional.empty();
        List<ValidPoint> ys = new ArrayList<>();
        for (PrekeyMessage message : publication.prekeyMessages()) {
            ys.add(Keys.valid(message, handshake.tag()));
        }
        checkProofs(publication, ys, sharedPrekey);
        return toStore(publication);
    }

    private static void checkIdentifiersDiffer(List<PrekeyMessage> messages) throws VerificationException {
        Set<Integer> identifiers = new HashSet<>();
        for (PrekeyMessage message : messages) {
            VerificationException.unless(
                    identifiers.add(message.identifier()), "two prekey messages have one identifier");
        }
    }

    private void check(ClientProfile profile) throws VerificationException {
        VerifiedClientProfile published = VerifiedClientProfile.verify(profile, handshake.tag(), now);
        VerificationException.unless(
                published.longTermKey().equals(handshake.publisher().longTermKey()),
                "published client profile is of another key than the handshake");
    }

    private ValidPoint check(PrekeyProfile profile) throws VerificationException {
        return VerifiedPrekeyProfile.verify(
                        profile, handshake.tag(), handshake.publisher().longTermKey(), now)
                .sharedPrekey();
    }

    private void checkProofs(PrekeyPublication publication, List<ValidPoint> ys, Optional<ValidPoint> sharedPrekey)
            throws VerificationException {
        Suite suite = handshake.draft().suite();
        Bytes context = handshake.keys().proofContext();
        List<BigInteger> bs =
                publication.prekeyMessages().stream().map(PrekeyMessage::b).toList();
        VerificationException.unless(
                publication
                        .profileEcdhProof()
                        .map(proof -> proof.verify(
                                suite, KdfUsage.PROOF_SHARED_ECDH, List.of(sharedPrekey.orElseThrow()), context))
                        .orElse(true),
                "proof of the shared prekey is wrong");
        VerificationException.unless(
                publication
                        .messageEcdhProof()
                        .map(proof -> proof.verify(suite, KdfUsage.PROOF_MESSAGE_ECDH, ys, context))
                        .orElse(true),
                "ECDH proof of the prekey messages is wrong");
        VerificationException.unless(
                publication
                        .messageDhProof()
                        .map(proof -> proof.verify(bs, context))
                        .orElse(true),
                "DH proof of the prekey messages is wrong");
    }

    private Publication toStore(PrekeyPublication publication) {
        return new Publication(
                new DeviceId(handshake.account(), handshake.tag()),
                handshake.draft(),
                handshake.publisher().longTermKey().point(),
                handshake.publisher().profile().expires(),
                publication
                        .clientProfile()
                        .map(profile -> new Publication.ClientProfileEntry(
                                profile.encoded(), profile.expires(), profile.versions())),
                publication
                        .prekeyProfile()
                        .map(profile -> new Publication.PrekeyProfileEntry(profile.encoded(), profile.expires())),
                publication.prekeyMessages().stream()
                        .map(message -> new Publication.PrekeyMessageEntry(message.identifier(), message.encoded()))
                        .toList());
    }
}
