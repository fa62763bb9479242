package dev.kitchen.store;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.spi.ControlDocument;
import dev.kitchen.spi.ControlStore;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A control store of the application's, whose failures are typed whatever it throws. An interrupt that it throws is a
 * failure of the store, unless the calling thread was interrupted before.
 */
public final class GuardedControlStore implements ControlStore {

    private final ControlStore store;

    public GuardedControlStore(ControlStore store) {
        this.store = store;
    }

    @Override
    public ControlDocument read() {
        return guarded("reading failed", store::read);
    }

    @Override
    public Object stamp() {
        return guarded("looking for changes failed", store::stamp);
    }

    @Override
    public ControlDocument update(UnaryOperator<ControlDocument> change) {
        return guarded("writing failed", () -> store.update(change));
    }

    private <T> T guarded(String what, Supplier<T> work) {
        boolean interruptedBefore = Thread.currentThread().isInterrupted();
        String message = "registry in " + place() + ": " + what;
        try {
            return work.get();
        } catch (Throwable e) {
            if (!interruptedBefore && isInterrupt(e)) {
                // The store's own trouble: kept, the flag would cancel what the caller does without the store.
                Thread.interrupted();
                throw failure(message + ": " + ForeignCode.describe(e), e);
            }
            throw ForeignCode.typed(message, e, GuardedControlStore::failure);
        }
    }

    private static boolean isInterrupt(Throwable thrown) {
        return thrown instanceof InterruptedException || thrown instanceof CancelledException;
    }

    private static KitchenException failure(String message, Throwable cause) {
        return new RegistryException(Reason.UNWRITABLE, message, cause);
    }

    @Override
    public String place() {
        return ForeignCode.attempt("a control store: asking its place", store::place, "a control store");
    }

    @Override
    public void close() {
        ForeignCode.attempt("control store " + place() + ": closing it", store::close);
    }
}
