package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prekeeper.store.JdbcPrekeyStore;
import prekeeper.store.StoreSettings;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submissions;

class BackUpTest extends CommandFixture {
    @TempDir
    private Path folder;

    @Test
    void theStoreIsCopiedToTheNamedFileAndNeverOverAnother() {
        String url = "jdbc:h2:file:" + folder.resolve("prekeys");
        try (JdbcPrekeyStore h2 = JdbcPrekeyStore.open(new StoreSettings(url, Optional.empty(), Optional.empty()))) {
            Stage.Ask first = begin(new BackUp(h2.inventory()), ADMIN);
            Path file = folder.resolve("backup.zip");
            assertEquals("Backed up to " + file + ".", note(submit(first, Submissions.of("path", file.toString()))));
            assertTrue(Files.isRegularFile(file));
            String again = refusal(first, Submissions.of("path", file.toString()));
            assertTrue(again.contains(file.toString()), again);
        }
    }

    @Test
    void aPathThatIsNotAbsoluteIsRefused() {
        Stage.Ask first = begin(new BackUp(store.inventory()), ADMIN);
        assertEquals("\"backup.zip\" is no absolute path.", refusal(first, Submissions.of("path", "backup.zip")));
        assertEquals("\"\0\" is no path.", refusal(first, Submissions.of("path", "\0")));
        assertEquals("The path is missing.", refusal(first, Submissions.of("path", "")));
    }
}
