package prekeeper.store;

class PostgresBlockListIT extends BlockListContract {
    @Override
    PrekeyStore openStore() {
        return PostgresStores.empty(PostgresStores.FIRST);
    }

    @Override
    BlockList blockListOf(PrekeyStore opened) {
        return ((JdbcPrekeyStore) opened).blockList();
    }
}
