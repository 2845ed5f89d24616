package prekeeper.wire;

import prekeeper.crypto.Bytes;

/**
 * Asks how many prekey messages are stored (prekey server spec, "Storage Information Request Message").
 *
 * <pre>MAC</pre>
 */
public record StorageInformationRequest(Bytes mac) implements InnerMessage {
    @Override
    public Bytes encode() {
        return new WireWriter()
                .header(MessageType.STORAGE_INFORMATION_REQUEST)
                .mac(mac)
                .toBytes();
    }
}
