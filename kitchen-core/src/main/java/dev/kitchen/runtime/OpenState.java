package dev.kitchen.runtime;

import dev.kitchen.error.NotReadyException;

/** Whether a kitchen is open. Safe for use by many threads. */
public final class OpenState {

    private volatile boolean closed;

    /**
     * Throws if the kitchen is closed.
     *
     * @throws NotReadyException if it is
     */
    public void requireOpen() {
        if (closed) {
            throw new NotReadyException("kitchen is closed");
        }
    }

    /** Returns whether the kitchen is closed, or about to be. */
    public boolean isClosed() {
        return closed;
    }

    /** Refuses calls from now on. */
    public void close() {
        closed = true;
    }
}
