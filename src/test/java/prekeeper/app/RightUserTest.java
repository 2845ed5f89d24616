package prekeeper.app;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.server.SetupException;
import prekeeper.store.StoreSettings;

class RightUserTest {
    @TempDir
    private Path folder;

    @Test
    void rootMakesNoFilesInAFolderOfTheServersUser() throws IOException {
        StoreSettings settings =
                new StoreSettings("jdbc:h2:file:" + folder.resolve("prekeys"), Optional.empty(), Optional.empty());
        assertDoesNotThrow(() -> RightUser.require(settings));
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a folder away");
        Files.setOwner(
                folder, folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        SetupException refused = assertThrows(SetupException.class, () -> RightUser.require(settings));
        assertEquals(
                List.of(folder + " belongs to nobody, to whom files that root makes there are closed"),
                refused.problems());
        assertEquals(Optional.of("run it as that user: sudo -u nobody prekeeper ..."), refused.hint());
    }

    @Test
    void whatHasNoFolderIsAnybodys() {
        assertDoesNotThrow(
                () -> RightUser.require(new StoreSettings("jdbc:h2:mem:x", Optional.empty(), Optional.empty())));
    }
}
