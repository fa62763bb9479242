package dev.kitchen;

import dev.kitchen.testkit.InMemoryControlStore;
import java.util.concurrent.CountDownLatch;

/** A store in memory that takes for ever to close, as one of a server that is gone. */
final class HangingStore extends ForwardingStore {

    private final CountDownLatch never;

    HangingStore(CountDownLatch never) {
        super(new InMemoryControlStore());
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
    public void close() {
        hang(never);
    }
}
