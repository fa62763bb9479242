package dev.kitchen.store;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.spi.ControlDocument;
import dev.kitchen.spi.ControlStore;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A control store of the application's, whose failures are typed whatever it throws. */
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
        return ForeignCode.call("registry in " + place() + ": " + what, work, GuardedControlStore::failure);
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
