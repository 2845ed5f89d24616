package prekeeper.protocol;

import java.nio.ByteBuffer;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Kdf;
import prekeeper.crypto.KdfUsage;
import prekeeper.crypto.SecretBytes;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.MessageType;
import prekeeper.wire.PrekeyPublication;

/**
 * The authenticators of everything that follows a handshake, 64 bytes each, by its MAC key (docs/protocol.md, "MACs",
 * where the specification's formulas contradict each other and this follows what is deployed).
 */
public final class Macs {
    private Macs() {}

    /** That of a Storage Information Request. */
    public static SecretBytes storageInformationRequest(SecretBytes key) {
        return Kdf.derive(KdfUsage.STORAGE_INFO_MAC, key, type(MessageType.STORAGE_INFORMATION_REQUEST));
    }

    /** That of a Storage Status; {@code count} is unsigned. */
    public static SecretBytes storageStatus(SecretBytes key, InstanceTag receiver, int count) {
        return Kdf.derive(
                KdfUsage.STATUS_MAC,
                key,
                type(MessageType.STORAGE_STATUS).concat(int32(receiver.value())).concat(int32(count)));
    }

    /** That of a Success message. */
    public static SecretBytes success(SecretBytes key, InstanceTag receiver) {
        return Kdf.derive(KdfUsage.SUCCESS_MAC, key, type(MessageType.SUCCESS).concat(int32(receiver.value())));
    }

    /** That of a Failure message. */
    public static SecretBytes failure(SecretBytes key, InstanceTag receiver) {
        return Kdf.derive(KdfUsage.FAILURE_MAC, key, type(MessageType.FAILURE).concat(int32(receiver.value())));
    }

    /** That of a Prekey Publication; the MAC that {@code publication} holds itself does not matter. */
    public static SecretBytes publication(SecretBytes key, PrekeyPublication publication) {
        Bytes covered = type(MessageType.PREKEY_PUBLICATION)
                .concat(int8(publication.prekeyMessages().size()))
                .concat(hash(KdfUsage.PREKEY_MESSAGE, publication.encodedPrekeyMessages()))
                .concat(int8(publication.clientProfile().isPresent() ? 1 : 0))
                .concat(publication
                        .clientProfile()
                        .map(profile -> hash(KdfUsage.CLIENT_PROFILE, profile.encoded()))
                        .orElse(Bytes.EMPTY))
                .concat(int8(publication.prekeyProfile().isPresent() ? 1 : 0))
                .concat(publication
                        .prekeyProfile()
                        .map(profile -> hash(KdfUsage.PREKEY_PROFILE, profile.encoded()))
                        .orElse(Bytes.EMPTY))
                .concat(hash(KdfUsage.MAC_PROOFS, publication.encodedProofs()));
        return Kdf.derive(KdfUsage.PRE_MAC, key, covered);
    }

    private static Bytes hash(KdfUsage usage, Bytes value) {
        return Kdf.hash(usage, Kdf.BYTES, value);
    }

    private static Bytes type(MessageType type) {
        return int8(type.code());
    }

    private static Bytes int8(int value) {
        return Bytes.of((byte) value);
    }

    private static Bytes int32(int value) {
        return Bytes.of(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }
}
