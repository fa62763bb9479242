package dev.kitchen.testkit;

import dev.kitchen.spi.ControlStore;

class InMemoryControlStoreTest extends ControlStoreContract {

    private final InMemoryControlStore store = new InMemoryControlStore();

    @Override
    protected ControlStore open() {
        return store;
    }
}
