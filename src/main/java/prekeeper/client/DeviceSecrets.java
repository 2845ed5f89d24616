package prekeeper.client;

import java.io.IOException;
import java.nio.file.Path;
import prekeeper.crypto.SecretBytes;
import prekeeper.wire.InstanceTag;

/**
 * Where an application keeps the secrets of its devices. A prekey message whose secrets are lost is a conversation that
 * nobody can read, so nothing is published before {@link #keep} has returned.
 */
@FunctionalInterface
public interface DeviceSecrets {
    /**
     * Keeps {@code secrets} in place of what was kept of the device before, durably and as a secret: what is lost when the
     * power fails after this returns is lost for whoever writes to the device.
     *
     * <p>Called by {@link PrekeyDevice#keepIn}, on the thread that publishes, never twice at a time for one device. The caller
     * closes {@code secrets} afterwards, so write or copy them.
     *
     * @param secrets what {@link PrekeyDevice#secrets()} gives and {@link PrekeyDevice#restore} takes
     * @throws IOException when they are not kept; nothing is published then
     */
    void keep(InstanceTag device, SecretBytes secrets) throws IOException;

    /**
     * Keeps one device in {@code file}, which only its owner can read, and whole whatever happens. Not encrypted: for programs that keep
     * other secrets in the same way.
     */
    static DeviceSecrets in(Path file) {
        return new SecretsFile(file);
    }
}
