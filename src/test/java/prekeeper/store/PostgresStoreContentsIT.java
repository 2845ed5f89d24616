package prekeeper.store;

class PostgresStoreContentsIT extends StoreContentsContract {
    private boolean isOpen;

    @Override
    JdbcPrekeyStore openEmpty() {
        String database = isOpen ? PostgresStores.SECOND : PostgresStores.FIRST;
        isOpen = true;
        return PostgresStores.empty(database);
    }
}
