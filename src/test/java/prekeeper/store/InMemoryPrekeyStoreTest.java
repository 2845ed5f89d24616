package prekeeper.store;

class InMemoryPrekeyStoreTest extends PrekeyStoreRaces {
    @Override
    PrekeyStore openStore() {
        return new InMemoryPrekeyStore();
    }

    @Override
    PrekeyStore openAnother() {
        return new InMemoryPrekeyStore();
    }
}
