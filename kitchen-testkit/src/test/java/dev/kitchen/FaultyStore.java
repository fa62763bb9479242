package dev.kitchen;

import dev.kitchen.Faults.Kind;
import dev.kitchen.spi.ControlDocument;
import dev.kitchen.spi.ControlStore;
import java.util.function.UnaryOperator;

/** A store that throws anything now and then: before it reads or writes, and also after it has written. */
final class FaultyStore extends ForwardingStore {

    private final Faults faults;

    FaultyStore(ControlStore store, Faults faults) {
        super(store);
        this.faults = faults;
    }

    @Override
    public ControlDocument read() {
        faults.failIfStruck(Kind.STORE_READ_FAILS);
        return super.read();
    }

    @Override
    public Object stamp() {
        faults.failIfStruck(Kind.STORE_READ_FAILS);
        return super.stamp();
    }

    @Override
    public ControlDocument update(UnaryOperator<ControlDocument> change) {
        faults.failIfStruck(Kind.STORE_UPDATE_FAILS);
        ControlDocument written = super.update(change);
        faults.failIfStruck(Kind.STORE_UPDATE_FAILS);
        return written;
    }

    @Override
    public void close() {
        super.close();
        faults.failIfStruck(Kind.STORE_UPDATE_FAILS);
    }
}
