package dev.kitchen.error;

import org.jspecify.annotations.Nullable;

/** The registry refused an operation, or its document or a version's files are wrong or cannot be read or written. */
public final class RegistryException extends KitchenException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** A name, version, alias or path is not one. HTTP 400. */
        INVALID,
        /** The version exists with other content, or the operation contradicts what is registered. HTTP 409. */
        CONFLICT,
        /** The version serves, has an alias, or has calls in flight. HTTP 409. */
        IN_USE,
        /** The version did not prove itself: its files, signature, golden cases or budget. HTTP 422. */
        REJECTED,
        /** The document or a version's files are damaged, or point where they must not. HTTP 500. */
        DAMAGED,
        /** Another process keeps the registry locked. HTTP 503. */
        LOCKED,
        /** The disk is full, read-only, or failing. HTTP 503. */
        UNWRITABLE
    }

    private final Reason reason;

    public RegistryException(Reason reason, String message) {
        this(reason, message, null);
    }

    public RegistryException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    @Override
    public boolean retryable() {
        return reason == Reason.LOCKED;
    }
}
