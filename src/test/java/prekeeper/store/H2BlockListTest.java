package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static prekeeper.store.Publishing.NOW;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2BlockListTest extends BlockListContract {
    @TempDir
    Path folder;

    @Override
    PrekeyStore openStore() {
        String url = "jdbc:h2:file:" + folder.resolve("prekeys");
        return JdbcPrekeyStore.open(new StoreSettings(url, Optional.empty(), Optional.empty()));
    }

    @Override
    BlockList blockListOf(PrekeyStore opened) {
        return ((JdbcPrekeyStore) opened).blockList();
    }

    @Test
    void whoIsBlockedStaysBlockedAfterARestart() {
        list.block("example.com", NOW);
        list.block("example.net", NOW);
        list.unblock("example.net");
        store.close();
        open();
        assertEquals(Set.of("example.com"), list.blocked());
    }
}
