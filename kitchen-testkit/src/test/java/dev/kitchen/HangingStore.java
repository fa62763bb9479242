package dev.kitchen;

import dev.kitchen.spi.ControlDocument;
import dev.kitchen.spi.ControlStore;
import dev.kitchen.testkit.InMemoryControlStore;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/** A store in memory that takes for ever to close, as one of a server that is gone. */
final class HangingStore implements ControlStore {

    private final ControlStore store = new InMemoryControlStore();
    private final CountDownLatch never;

    HangingStore(CountDownLatch never) {
        this.never = never;
    }

    static void hang(CountDownLatch never) {
        boolean hangs = true;
        while (hangs) {
            try {
                never.await();
                hangs = false;
            } catch (InterruptedException e) {
                // Foreign code need not care.
            }
        }
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
        hang(never);
    }
}
