package prekeeper.store;

class PostgresPrekeyStoreIT extends PrekeyStoreRaces {
    @Override
    PrekeyStore openStore() {
        return PostgresStores.empty(PostgresStores.FIRST);
    }

    @Override
    PrekeyStore openAnother() {
        return PostgresStores.empty(PostgresStores.SECOND);
    }
}
