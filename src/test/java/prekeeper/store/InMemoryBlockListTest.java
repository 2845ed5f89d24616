package prekeeper.store;

class InMemoryBlockListTest extends BlockListContract {
    @Override
    PrekeyStore openStore() {
        return new InMemoryPrekeyStore();
    }

    @Override
    BlockList blockListOf(PrekeyStore opened) {
        return ((InMemoryPrekeyStore) opened).blockList();
    }
}
