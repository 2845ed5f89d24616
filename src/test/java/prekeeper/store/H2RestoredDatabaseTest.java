package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static prekeeper.store.Publishing.message;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class H2RestoredDatabaseTest extends RestoredDatabaseContract {
    private Path file() {
        return folder.resolve("prekeys.mv.db");
    }

    @Override
    StoreSettings makeDatabase() {
        return new StoreSettings("jdbc:h2:file:" + folder.resolve("prekeys"), Optional.empty(), Optional.empty());
    }

    @Override
    void keepCopy() throws IOException {
        Files.copy(file(), folder.resolve("copy"), StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    void putCopyBack() throws IOException {
        Files.copy(folder.resolve("copy"), file(), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aFileThatWasCutAtItsEndHandsNothingOutAgain() throws IOException {
        try (JdbcPrekeyStore store = open()) {
            phone().profiles().messagesFrom(0, 20).in(store);
        }
        long before = Files.size(file());
        try (JdbcPrekeyStore store = open()) {
            assertEquals(Optional.of(message(0)), take(store));
            keepCopy(); // while it is open, as a snapshot of the file system does
        }
        putCopyBack();
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.truncate(before);
        }
        try (JdbcPrekeyStore store = open()) {
            assertEquals(Optional.empty(), take(store), "H2 opens the file at an older state and says nothing");
        }
    }

    @Test
    void aDatabaseWithoutItsTakingsFileIsNotTrusted() throws IOException {
        try (JdbcPrekeyStore store = open()) {
            phone().profiles().messages(1, 2).in(store);
            assertEquals(Optional.of(message(1)), take(store));
        }
        Files.delete(settings.takingsFile().orElseThrow());
        try (JdbcPrekeyStore store = open()) {
            assertEquals(Optional.empty(), take(store));
            phone().messages(3).in(store);
        }
        try (JdbcPrekeyStore store = open()) {
            assertEquals(Optional.of(message(3)), take(store));
        }
        assertTold(new SpentPrekeys(1, SpentPrekeys.Occasion.START));
    }

    @Test
    void aStoreThatDoesNotOpenLetsItsFilesGo() throws IOException {
        Path takings = settings.takingsFile().orElseThrow();
        Files.writeString(takings, "damaged");
        assertThrows(StorageException.class, this::open);
        Files.delete(takings);
        try (JdbcPrekeyStore store = open()) {
            assertEquals(0, store.inventory().counts().prekeyMessages());
        }
    }
}
