package prekeeper.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.DhProof;
import prekeeper.crypto.EcdhProof;

/**
 * Prekeys to store (prekey server spec, "Prekey Publication Message"), well-formed and not verified.
 *
 * <pre>
 * BYTE N | N prekey messages | BYTE K | K client profiles | BYTE J | J prekey profiles
 * | if N &gt; 0: ECDH proof, DH proof | if J = 1: ECDH proof | MAC
 * </pre>
 *
 * @param prekeyMessages at most 255
 * @param messageEcdhProof of the y of all prekey messages; there whenever they are
 * @param messageDhProof of the b of all prekey messages; there whenever they are
 * @param profileEcdhProof of the shared prekey; there whenever the Prekey Profile is
 */
public record PrekeyPublication(
        List<PrekeyMessage> prekeyMessages,
        Optional<ClientProfile> clientProfile,
        Optional<PrekeyProfile> prekeyProfile,
        Optional<EcdhProof> messageEcdhProof,
        Optional<DhProof> messageDhProof,
        Optional<EcdhProof> profileEcdhProof,
        Bytes mac)
        implements InnerMessage {
    /** The most prekey messages that one publication can hold. */
    public static final int MOST_PREKEY_MESSAGES = 255;

    public PrekeyPublication {
        prekeyMessages = List.copyOf(prekeyMessages);
        if (prekeyMessages.size() > MOST_PREKEY_MESSAGES) {
            throw new IllegalArgumentException(
                    prekeyMessages.size() + " prekey messages, at most " + MOST_PREKEY_MESSAGES + " in a publication");
        }
        boolean messages = !prekeyMessages.isEmpty();
        if (messageEcdhProof.isPresent() != messages
                || messageDhProof.isPresent() != messages
                || profileEcdhProof.isPresent() != prekeyProfile.isPresent()) {
            throw new IllegalArgumentException("proofs must come with what they prove, and only with it");
        }
    }

    static PrekeyPublication read(WireReader in) throws MalformedMessageException {
        int count = in.uint8();
        List<PrekeyMessage> messages = new ArrayList<>();
        for (int read = 0; read < count; read++) {
            messages.add(PrekeyMessage.read(in));
        }
        Optional<ClientProfile> clientProfile = in.flag() ? Optional.of(ClientProfile.read(in)) : Optional.empty();
        boolean profile = in.flag();
        return new PrekeyPublication(
                messages,
                clientProfile,
                profile ? Optional.of(PrekeyProfile.read(in)) : Optional.empty(),
                count > 0 ? Optional.of(in.ecdhProof()) : Optional.empty(),
                count > 0 ? Optional.of(in.dhProof()) : Optional.empty(),
                profile ? Optional.of(in.ecdhProof()) : Optional.empty(),
                in.mac());
    }

    /** The same publication with another MAC: it covers everything else, so it is made last. */
    public PrekeyPublication withMac(Bytes made) {
        return new PrekeyPublication(
                prekeyMessages, clientProfile, prekeyProfile, messageEcdhProof, messageDhProof, profileEcdhProof, made);
    }

    /** The prekey messages as they stand on the wire, without their number; the MAC covers their hash. */
    public Bytes encodedPrekeyMessages() {
        WireWriter out = new WireWriter();
        prekeyMessages.forEach(message -> message.writeTo(out));
        return out.toBytes();
    }

    /** All proofs as they stand on the wire, scalars not reduced; the MAC covers their hash. */
    public Bytes encodedProofs() {
        WireWriter out = new WireWriter();
        messageEcdhProof.ifPresent(out::ecdhProof);
        messageDhProof.ifPresent(out::dhProof);
        profileEcdhProof.ifPresent(out::ecdhProof);
        return out.toBytes();
    }

    @Override
    public Bytes encode() {
        WireWriter out = new WireWriter()
                .header(MessageType.PREKEY_PUBLICATION)
                .uint8(prekeyMessages.size())
                .fixed(encodedPrekeyMessages())
                .flag(clientProfile.isPresent());
        clientProfile.ifPresent(profile -> profile.writeTo(out));
        out.flag(prekeyProfile.isPresent());
        prekeyProfile.ifPresent(profile -> profile.writeTo(out));
        return out.fixed(encodedProofs()).mac(mac).toBytes();
    }
}
