package dev.kitchen.testkit;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.json.JsonTree;
import dev.kitchen.spi.ControlDocument;
import dev.kitchen.spi.ControlStore;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * A control document that lives in memory and is gone with it: for tests, and for measuring what a swap costs without a
 * disk. Several kitchens may share one. Safe for use by many threads.
 */
public final class InMemoryControlStore implements ControlStore {

    private static final int MAX_BYTES = 64 << 20;

    private final Object lock = new Object();
    private volatile ControlDocument document = ControlDocument.EMPTY;

    /** A store in which nobody has written. */
    public InMemoryControlStore() {}

    @Override
    public ControlDocument read() {
        return document;
    }

    @Override
    public Object stamp() {
        return document.generation();
    }

    @Override
    public ControlDocument update(UnaryOperator<ControlDocument> change) {
        synchronized (lock) {
            ControlDocument current = document;
            ControlDocument next = change.apply(current);
            if (isSameObject(next, current)) {
                return current;
            }
            requireObject(next);
            document = new ControlDocument(current.generation() + 1, next.json());
            return document;
        }
    }

    private void requireObject(ControlDocument next) {
        try {
            JsonTree.parse(place(), next.json().getBytes(StandardCharsets.UTF_8), MAX_BYTES)
                    .members(place());
        } catch (InvalidRequestException e) {
            throw new RegistryException(Reason.INVALID, String.valueOf(e.getMessage()), e);
        }
    }

    @SuppressWarnings("ReferenceEquality") // the contract speaks of the very same object
    private static boolean isSameObject(Object one, Object other) {
        return one == other;
    }

    @Override
    public String place() {
        return "control document in memory";
    }

    @Override
    public void close() {}
}
