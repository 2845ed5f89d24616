package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PostgresInventoryIT extends InventoryContract {
    @Override
    PrekeyStore openStore() {
        return PostgresStores.empty(PostgresStores.FIRST);
    }

    @Override
    Inventory inventoryOf(PrekeyStore opened) {
        return ((JdbcPrekeyStore) opened).inventory();
    }

    @Test
    void whoWantsABackupIsToldWhatMakesOne() {
        Path file = folder.resolve("backup.zip");
        StorageException refused = assertThrows(StorageException.class, () -> inventory.backUp(file));
        assertTrue(refused.getMessage().contains("pg_dump"), refused.getMessage());
        assertFalse(Files.exists(file));
    }
}
