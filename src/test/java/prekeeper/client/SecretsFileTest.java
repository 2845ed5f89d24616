package prekeeper.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.crypto.SecretBytes;
import prekeeper.wire.InstanceTag;

class SecretsFileTest {
    private static final InstanceTag TAG = new InstanceTag(0x1000);

    @TempDir
    private Path folder;

    @Test
    void theNewestSecretsAreInTheFileForItsOwnerAloneAndNothingIsBesideIt() throws IOException {
        Path file = folder.resolve("device.secrets");
        Files.writeString(folder.resolve("device.secrets.new"), "of a process that was killed");
        DeviceSecrets secrets = DeviceSecrets.in(file);
        secrets.keep(TAG, SecretBytes.copyOf(new byte[] {1, 2}));
        secrets.keep(TAG, SecretBytes.copyOf(new byte[] {3}));
        assertArrayEquals(new byte[] {3}, Files.readAllBytes(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (Stream<Path> all = Files.list(folder)) {
            assertEquals(List.of(file), all.toList());
        }
    }

    @Test
    void secretsThatCanNotBeKeptAreAnErrorAndTheOldOnesStay() throws IOException {
        Path file = Files.createDirectories(folder.resolve("a folder/with something in it"))
                .getParent();
        assertThrows(IOException.class, () -> DeviceSecrets.in(file).keep(TAG, SecretBytes.copyOf(new byte[] {1})));
        assertThrows(
                IOException.class,
                () -> DeviceSecrets.in(folder.resolve("none/device")).keep(TAG, SecretBytes.copyOf(new byte[] {1})));
    }
}
