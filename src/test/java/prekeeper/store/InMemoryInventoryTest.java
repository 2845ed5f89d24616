package prekeeper.store;

class InMemoryInventoryTest extends InventoryContract {
    @Override
    PrekeyStore openStore() {
        return new InMemoryPrekeyStore();
    }

    @Override
    Inventory inventoryOf(PrekeyStore opened) {
        return ((InMemoryPrekeyStore) opened).inventory();
    }
}
