package prekeeper.store;

import java.util.Optional;

class H2StoreContentsTest extends StoreContentsContract {
    private int opened;

    @Override
    JdbcPrekeyStore openEmpty() {
        opened++;
        return JdbcPrekeyStore.open(new StoreSettings(
                "jdbc:h2:file:" + folder.resolve("prekeys" + opened), Optional.empty(), Optional.empty()));
    }
}
