package dev.kitchen;

import dev.kitchen.spi.ControlDocument;
import dev.kitchen.spi.ControlStore;
import java.util.function.UnaryOperator;

/** A store that leaves everything to another one, but for what a test overrides. */
abstract class ForwardingStore implements ControlStore {

    private final ControlStore store;

    ForwardingStore(ControlStore store) {
        this.store = store;
    }

    @Override
    public ControlDocument read() {
        return store.read();
    }

    @Override
    public Object stamp() {
        return store.stamp();
    }

    @Override
    public ControlDocument update(UnaryOperator<ControlDocument> change) {
        return store.update(change);
    }

    @Override
    public String place() {
        return store.place();
    }

    @Override
    public void close() {
        store.close();
    }
}
