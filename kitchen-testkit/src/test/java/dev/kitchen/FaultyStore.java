package dev.kitchen;

import dev.kitchen.Faults.Kind;
import dev.kitchen.spi.ControlDocument;
import dev.kitchen.spi.ControlStore;
import java.util.function.UnaryOperator;

/** A store that throws anything now and then: before it reads or writes, and also after it has written. */
final class FaultyStore implements ControlStore {

    private final ControlStore store;
    private final Faults faults;

    FaultyStore(ControlStore store, Faults faults) {
        this.store = store;
        this.faults = faults;
    }

    @Override
    public ControlDocument read() {
        faults.failIfStruck(Kind.STORE_READ_FAILS);
        return store.read();
    }

    @Override
    public Object stamp() {
        faults.failIfStruck(Kind.STORE_READ_FAILS);
        return store.stamp();
    }

    @Override
    public ControlDocument update(UnaryOperator<ControlDocument> change) {
        faults.failIfStruck(Kind.STORE_UPDATE_FAILS);
        ControlDocument written = store.update(change);
        faults.failIfStruck(Kind.STORE_UPDATE_FAILS);
        return written;
    }

    @Override
    public String place() {
        return store.place();
    }

    @Override
    public void close() {
        store.close();
        faults.failIfStruck(Kind.STORE_UPDATE_FAILS);
    }
}
